/// Words that say nothing about a place in a Python repository: Python's keywords and commonest names, and the English
/// of bug reports.
enum StopWords {
  static let hashes: Set<UInt64> = Set(text.split(whereSeparator: \.isWhitespace).map { Words.hash(of: String($0)) })

  private static let text = """
    and as assert async await break case class continue def del elif else except false finally for from global if import
    in is lambda match none nonlocal not or pass raise return self cls true try while with yield print object int str
    list dict tuple len init name main args kwargs super py python file line most recent call last traceback error
    exception
    a about above after again all also am an any are at be because been before being below between both but by can could
    did do does doing don done down during each few further get gets got had has have having he her here hers him his how
    i i'd it its just ll like m me more my no nor now of off on once one only other our out over own re s same she should
    so some such t than that the their them then there these they this those through to too two under until up use used
    uses using ve very want was we were what when where which who why will would you your
    actual actually behavior behaviour bug code correct currently description described detail details doesn e example
    expect expected expecting fail fails failed fix following g happen happens http https html com github org www however
    instead issue know make makes may maybe might need new old output please problem report reproduce result results
    run running see seem seems show since something still think try trying version way work works working wrong yes
    versions steps screenshot system environment information windows linux macos
    """
}
