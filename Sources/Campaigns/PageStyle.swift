/// How a page looks, light and dark.
enum PageStyle {
  static let text = """
    :root{color-scheme:light dark;--back:#fff;--panel:#f6f8fa;--text:#1c2024;--soft:#5d6670;--rule:#dde1e6;--real:#0b62c4;
    --plan:#9aa3ad;--good:#13723a;--bad:#b3261e;--broken:#8a5a00;--goodback:#e2f4e8;--badback:#fbe9e7;--brokenback:#fdf0d5}
    @media(prefers-color-scheme:dark){:root{--back:#14171a;--panel:#1c2126;--text:#e4e7ea;--soft:#9aa3ad;--rule:#30363c;
    --real:#6cb2ff;--plan:#6d7680;--good:#6fd08c;--bad:#ff8a80;--broken:#f0b95a;--goodback:#15321f;--badback:#3a1c1a;
    --brokenback:#372a12}}
    *{box-sizing:border-box}body{background:var(--back);color:var(--text);font:15px/1.5 system-ui,sans-serif;margin:0}
    main{max-width:1200px;margin:0 auto;padding:24px}header{border-bottom:1px solid var(--rule);margin-bottom:20px}
    h1,h2,h3{line-height:1.25;overflow-wrap:anywhere}h1{font-size:26px;margin:0}h2{font-size:19px;margin:32px 0 8px}
    h3{font-size:15px;margin:18px 0 4px}.sub{color:var(--soft);margin:4px 0 14px}
    .n{color:var(--soft);font-weight:400;font-size:14px}.note{color:var(--soft);margin:4px 0 12px}
    .warn{border-left:4px solid var(--broken);padding-left:10px}
    .cards{display:flex;flex-wrap:wrap;gap:12px}.card{background:var(--panel);border:1px solid var(--rule);border-radius:8px;
    padding:10px 16px;display:grid;min-width:130px}.card .what{color:var(--soft);font-size:13px}
    .card .value{font-size:28px;font-weight:600;font-variant-numeric:tabular-nums}
    .pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,460px),1fr));gap:0 32px}
    .wide{overflow-x:auto}table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums;width:100%}
    th,td{text-align:left;padding:5px 10px;border-bottom:1px solid var(--rule);vertical-align:top}
    th{color:var(--soft);font-weight:600;white-space:nowrap}td{white-space:nowrap}.why,.name{white-space:normal;min-width:260px;
    overflow-wrap:anywhere}.number{text-align:right;white-space:nowrap}li,.reason{overflow-wrap:anywhere}
    .good{color:var(--good)}.bad{color:var(--bad)}.broken{color:var(--broken)}td .good,td .bad,td .broken{padding:1px 7px;
    border-radius:9px}td .good{background:var(--goodback)}td .bad{background:var(--badback)}td .broken{background:var(--brokenback)}
    th button{all:unset;cursor:pointer;color:inherit}tbody th button{color:var(--real);font-weight:400}
    th button:focus-visible,summary:focus-visible{outline:2px solid var(--real);outline-offset:2px}
    thead th button:hover,tbody th button:hover{text-decoration:underline}
    .instances tbody tr:not(.story){cursor:pointer}.instances tbody tr:not(.story):hover{background:var(--panel)}
    .instances thead th{position:sticky;top:0;background:var(--back)}
    .filters{display:flex;flex-wrap:wrap;gap:8px;margin:0 0 10px;align-items:center}.filters[hidden]{display:none}
    .filters input,.filters select{font:inherit;padding:5px 9px;border:1px solid var(--rule);border-radius:6px;
    background:var(--back);color:inherit}.filters input{flex:1;min-width:220px}.filters output{color:var(--soft)}
    .story>td{white-space:normal;background:var(--panel);padding:10px 16px}
    .attempt{border-top:1px solid var(--rule);margin-top:10px;padding-top:4px}.attempt p{margin:6px 0}
    .cause{border-left:3px solid var(--plan);padding-left:12px}.cause ul{margin:4px 0;padding-left:20px}
    details{margin:4px 0}summary{cursor:pointer;color:var(--soft)}.prompt>div{padding-left:16px}
    pre{margin:4px 0 10px;padding:10px 12px;background:var(--back);border:1px solid var(--rule);border-radius:6px;
    font:12px/1.45 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere;max-height:60vh;overflow:auto;
    direction:ltr;unicode-bidi:isolate}.added{color:var(--good)}.removed{color:var(--bad)}.place{color:var(--real)}
    svg{width:100%;max-width:860px;height:auto;display:block}svg text{fill:var(--soft);font:12px system-ui,sans-serif}
    .grid{stroke:var(--rule)}.line{fill:none;stroke-width:2}.whisker{stroke-width:1.5;opacity:.6}.bar{fill:var(--real)}
    .real{stroke:var(--real)}.plan{stroke:var(--plan);stroke-dasharray:4 4}circle.real{fill:var(--real)}
    circle.plan{fill:var(--plan);stroke:none}svg text.name{stroke:none}svg text.name.real{fill:var(--real);font-weight:600}
    @media print{.filters{display:none}main{max-width:none;padding:0}}
    """
}
