"""What hostile rows do: each is Python code that runs when its module is imported, in a sandbox, and what must become of it.

A hazard that tries to get out says so by `out(...)`, which ends it with another verdict; one that is refused goes on and
changes no verdict. The names in braces are filled in: {home}, {folder}, {mirror}, {port}, {abstract}, {victim}, {shm},
{sem}, {queue}, {machine}.
"""

import os
import platform
from dataclasses import dataclass, field

# Nothing else on a machine sleeps as long.
SLEEP = 471_000_000 + os.getpid()

# What every hazard can use. Calls are made by their numbers, so that no library stands between.
TOOLS = """
import ctypes, errno, os, socket, subprocess, sys, time
_libc = ctypes.CDLL(None, use_errno=True)
_arm = os.uname().machine == 'aarch64'
_numbers = dict(
    add_key=(248, 217), keyctl=(250, 219), request_key=(249, 218), ptrace=(101, 117), userfaultfd=(323, 282),
    perf_event_open=(298, 241), bpf=(321, 280), init_module=(175, 105), finit_module=(313, 273),
    delete_module=(176, 106), kexec_load=(246, 104), mount=(165, 40), umount2=(166, 39), pivot_root=(155, 41),
    chroot=(161, 51), unshare=(272, 97), setns=(308, 268), process_vm_readv=(310, 270), process_vm_writev=(311, 271),
    kcmp=(312, 272), open_by_handle_at=(304, 265), swapon=(167, 224), reboot=(169, 142), acct=(163, 89),
    settimeofday=(164, 170), clock_settime=(227, 112), adjtimex=(159, 171), sethostname=(170, 161),
    setdomainname=(171, 162), syslog=(103, 116), quotactl=(179, 60), fanotify_init=(300, 262), clone=(56, 220),
    shmget=(29, 194), shmat=(30, 196), shmctl=(31, 195), semop=(65, 193), semctl=(66, 191), msgrcv=(70, 188),
    msgctl=(71, 187), msgget=(68, 186), semget=(64, 190), migrate_pages=(256, 238), move_pages=(279, 239),
    utimensat=(280, 88), fchmodat=(268, 53), fchownat=(260, 54), truncate=(76, 45), setxattr=(188, 5),
    io_uring_setup=(425, 425), open_tree=(428, 428), fsopen=(430, 430), pidfd_getfd=(438, 438), clone3=(435, 435),
    process_madvise=(440, 440), mount_setattr=(442, 442), pidfd_open=(434, 434), socket=(41, 198))

def call(name, *arguments):
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    return _libc.syscall(ctypes.c_long(_numbers[name][_arm]), *words)

def out(*words):
    sys.stdout.flush()
    raise SystemExit('OUT: ' + ' '.join(str(word) for word in words))

def refused(name, *arguments):
    if call(name, *arguments) >= 0: out(name, 'was allowed')

def unreadable(path):
    try: text = open(path, 'rb').read(64)
    except OSError: return
    out('read', path, text)

def unwritable(path, text=b''):
    try:
        file = os.open(path, os.O_WRONLY)
    except OSError: return
    try: os.write(file, text)
    except OSError: return
    out('wrote', path)
"""


@dataclass
class Hazard:
    """One hostile row."""

    #: The code.
    code: str
    #: What becomes of it as the row's own tests, and as the patch of a model: "resolved" where it only tries to get out;
    #: "any" where only the harm counts; else the failure's code and what must be said; None where it is not tried so.
    as_tests: object = "resolved"
    as_patch: object = "resolved"
    #: Settings.
    settings: dict = field(default_factory=dict)
    #: The sandboxes in which it is tried; all where there are none.
    sandboxes: tuple = ()
    #: True where it runs while an environment is built.
    builds: bool = False


def _kernel(path):
    """Code that tries to write every file below a folder of the kernel's, each with what it holds."""
    return f"""
for folder, folders, files in os.walk({path!r}):
    for name in files:
        path = os.path.join(folder, name)
        if os.access(path, os.W_OK):
            try: file = os.open(path, os.O_WRONLY)
            except OSError: continue
            out('opened to write', path)"""


HAZARDS = {
    # Rows that cannot work, or never end.
    "passes already": Hazard("", ("environment_error", "passes before any repair"), None),
    "no environment": Hazard(
        "", ("environment_error", "no-such-package"), None, {"tests.environments": "{folder}/specs.json"}),
    "hangs": Hazard(
        "time.sleep(600)", ("environment_error", "limit of time"), ("timeout", "limit of time"),
        {"tests.timeout": "8"}),
    "forks without end": Hazard(
        "while True:\n    try: os.fork()\n    except OSError: time.sleep(0.01)",
        ("environment_error", "limit of"), ("", ""), {"tests.timeout": "8", "tests.processes": "64"}),
    "starts threads without end": Hazard(
        """
import threading
kept = []
while True:
    try:
        thread = threading.Thread(target=time.sleep, args=(600,), daemon=True); thread.start(); kept.append(thread)
    except (RuntimeError, MemoryError): time.sleep(0.05)""",
        ("environment_error", "limit of"), ("", ""), {"tests.timeout": "8", "tests.processes": "64"}),
    "takes all memory": Hazard(
        "kept = []\nwhile True: kept.append(bytearray(16 << 20))", ("environment_error", ""), ("regression", ""),
        {"tests.memory": "256"}),
    "takes memory in many processes": Hazard(
        """
for number in range(24):
    if os.fork() == 0:
        kept = bytearray(os.urandom(1 << 20)) * 96
        time.sleep(600)
time.sleep(600)""", ("environment_error", "of memory"), ("", "of memory"),
        {"tests.memory": "512", "tests.timeout": "12"}),
    "takes memory in files without a name": Hazard(
        """
kept = []
for number in range(64):
    try:
        file = os.memfd_create('fill')
        for _ in range(64): os.write(file, bytes(1 << 20))
        kept.append(file)
    except OSError: break
time.sleep(600)""", ("environment_error", "of memory"), ("", "of memory"),
        {"tests.memory": "512", "tests.timeout": "12"}),
    "prints without end": Hazard(
        "while True: print('x' * 4000)", ("environment_error", "limit of output"), ("", "limit of output"),
        {"tests.output": "1"}),
    "fills the disk with a few files": Hazard(
        """
for number in range(64):
    try:
        with open('fill-%d' % number, 'wb') as file:
            for _ in range(64): file.write(bytes(1 << 20))
    except OSError: pass
time.sleep(2)""", ("environment_error", "limit of disk"), ("", "limit of disk"),
        {"tests.disk": "256", "tests.timeout": "60"}),
    "fills the disk with small files": Hazard(
        """
for number in range(400000):
    if number % 1000 == 0: os.mkdir('many-%d' % (number // 1000))
    try: open('many-%d/%d' % (number // 1000, number), 'w').close()
    except OSError: pass
time.sleep(2)""", ("environment_error", "limit of disk"), ("", "limit of disk"),
        {"tests.disk": "256", "tests.timeout": "120"}),
    "takes room at once": Hazard(
        """
taken = 0
for number in range(256):
    try:
        with open('room-%d' % number, 'wb') as file: os.posix_fallocate(file.fileno(), 0, 512 << 20)
        taken += 1
    except OSError: break
time.sleep(2)""", ("environment_error", "limit of disk"), ("", "limit of disk"),
        {"tests.disk": "256", "tests.timeout": "60"}),
    "fills temporary folders": Hazard(
        """
import tempfile
for folder in [tempfile.gettempdir(), os.path.expanduser('~'), '/dev/shm', '/tmp', '/home']:
    total = 0
    try:
        for number in range(20):
            with open(os.path.join(folder, 'fill-%d' % number), 'wb') as file:
                for _ in range(64): file.write(bytes(1 << 20)); total += 1
    except OSError: pass
    if total >= 1200: out(folder, 'has no end')""", "any", "any",
        {"tests.memory": "512", "tests.disk": "512", "tests.timeout": "60"}),
    # Processes.
    "forks away twice": Hazard(
        f"""
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in range(3, 100):
            try: os.close(number)
            except OSError: pass
        os.execve('/bin/sleep', ['sleep', '{SLEEP}'], dict())
    os._exit(0)"""),
    "forks and ends": Hazard(
        """
for n in range(60):
    if os.fork() == 0:
        os.setsid()
        for number in range(0, 100):
            try: os.close(number)
            except OSError: pass
        _libc.clearenv()
        while True:
            try:
                if os.fork(): os._exit(0)
            except OSError: time.sleep(0.001)""", "any", "any"),
    "ignores every signal": Hazard(
        """
import signal
for number in range(1, 65):
    try: signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError): pass
time.sleep(600)""", ("environment_error", "limit of time"), ("timeout", "limit of time"), {"tests.timeout": "8"}),
    "stops its parents": Hazard(
        """
import signal
def parent(process):
    try: return int(open('/proc/%d/stat' % process).read().rpartition(')')[2].split()[1])
    except OSError: return 0
process = os.getppid()
while process > 1:
    try: os.kill(process, signal.SIGSTOP)
    except OSError: pass
    process = parent(process)
time.sleep(600)""", "any", "any", {"tests.timeout": "8"}),
    "signals processes outside": Hazard(
        """
for process in [{victim}, {ramp}]:
    for number in [0, 9, 15, 19]:
        try: os.kill(process, number)
        except OSError: continue
        if open('/proc/%d/comm' % process).read().strip() == 'sleep': out('signalled', process)
    file = call('pidfd_open', process, 0)
    if file >= 0 and os.path.exists('/proc/{victim}'): pass"""),
    "traces its own kind": Hazard(
        """
child = os.fork()
if child == 0: time.sleep(3); os._exit(0)
refused('ptrace', 16, child, 0, 0)
room = ctypes.create_string_buffer(64)
vector = (ctypes.c_void_p * 2)(ctypes.addressof(room), 8)
refused('process_vm_readv', child, vector, 1, vector, 1, 0)
refused('process_vm_writev', child, vector, 1, vector, 1, 0)
refused('kcmp', child, os.getpid(), 0, 0, 0)
os.kill(child, 9); os.waitpid(child, 0)"""),
    "looks into other processes": Hazard(
        """
for process in [{victim}, {ramp}, 1]:
    for name in ['mem', 'environ', 'maps', 'root/etc/shadow', 'cwd/secret', 'fd/0']:
        if process == 1 and os.path.exists('/proc/self') and os.readlink('/proc/self') != str(os.getpid()): break
        try: text = open('/proc/%d/%s' % (process, name), 'rb').read(1)
        except OSError: continue
        if process != 1: out('read', process, name)"""),
    # The kernel.
    "writes kernel settings": Hazard(_kernel("/proc/sys")),
    "writes core_pattern": Hazard(
        """
try: held = open('/proc/sys/kernel/core_pattern', 'rb').read()
except OSError: held = b'core'
unwritable('/proc/sys/kernel/core_pattern', held)
unwritable('/proc/sys/kernel/modprobe')
unwritable('/proc/sys/vm/overcommit_memory')"""),
    "reaches the machine's switches": Hazard(
        """
for path in ['/proc/sysrq-trigger', '/proc/timer_stats', '/proc/latency_stats', '/proc/mtrr', '/proc/kcore', '/proc/kmsg',
             '/sys/power/state', '/sys/kernel/uevent_helper', '/dev/mem', '/dev/kmsg', '/dev/kvm', '/dev/fuse',
             '/dev/vda', '/dev/sda', '/dev/net/tun', '/dev/vsock', '/dev/uinput']:
    for flag in (os.O_RDONLY, os.O_WRONLY):
        try: os.close(os.open(path, flag | os.O_NONBLOCK))
        except OSError: continue
        out('opened', path)"""),
    "writes below /proc": Hazard(_kernel("/proc/irq") + _kernel("/proc/bus") + _kernel("/proc/fs")),
    "writes below /sys": Hazard(_kernel("/sys")),
    "loads code into the kernel": Hazard(
        """
refused('init_module', b'', 0, b''); refused('finit_module', 0, b'', 0); refused('delete_module', b'x', 0)
refused('kexec_load', 0, 0, 0, 0); refused('bpf', 0, ctypes.create_string_buffer(128), 128)
refused('perf_event_open', ctypes.create_string_buffer(128), 0, -1, -1, 0)"""),
    "opens a ring of io_uring": Hazard("refused('io_uring_setup', 4, ctypes.create_string_buffer(256))"),
    "handles page faults": Hazard("refused('userfaultfd', 0); refused('userfaultfd', 1)"),
    "mounts": Hazard(
        """
refused('mount', b'none', b'.', b'tmpfs', 0, None); refused('umount2', b'/proc', 2); refused('pivot_root', b'.', b'.')
refused('open_tree', -100, b'/', 1); refused('fsopen', b'tmpfs', 0); refused('mount_setattr', -100, b'/', 0, b'', 0)
refused('mount', b'/', b'/', b'', 4096 | 32, None)"""),
    "makes name spaces": Hazard(
        """
for kind in [0x10000000, 0x20000, 0x40000000, 0x8000000, 0x4000000, 0x2000000, 0x20000000]:
    refused('unshare', kind)
    if call('clone', kind | 17, 0, 0, 0, 0) >= 0: out('clone was allowed', hex(kind))
refused('clone3', ctypes.create_string_buffer(88), 88)
for name in ['user', 'mnt', 'net', 'pid']:
    try: file = os.open('/proc/self/ns/' + name, os.O_RDONLY)
    except OSError: continue
    refused('setns', file, 0)"""),
    "becomes root": Hazard(
        """
import glob
for act in [os.setuid, os.setgid, os.seteuid]:
    if os.getuid() == 0: break
    try: act(0)
    except OSError: continue
    out('became root')
for path in ['/usr/bin/su', '/usr/bin/sudo', '/usr/bin/mount', '/usr/bin/passwd', '/usr/bin/newgrp']:
    if os.path.exists(path):
        text = subprocess.run([path, '--version'], stdin=subprocess.DEVNULL, capture_output=True, timeout=10)
try: status = open('/proc/self/status').read()
except OSError: status = ''
for line in status.splitlines():
    if line.startswith(('CapEff', 'CapPrm')) and int(line.split()[1], 16): out('holds', line)
    if line.startswith('NoNewPrivs') and line.split()[1] != '1': out('may gain rights')"""),
    "sets the clock and the name": Hazard(
        """
refused('settimeofday', ctypes.create_string_buffer(16), None); refused('clock_settime', 0, ctypes.create_string_buffer(16))
refused('sethostname', b'x', 1); refused('setdomainname', b'x', 1); refused('reboot', 0, 0, 0)
refused('swapon', b'x', 0); refused('acct', None)""", sandboxes=("bwrap", "landlock")),
    "calls by other numbers": Hazard(
        """
import mmap
if not _arm:
    if call('pidfd_open', os.getpid(), 0) >= 0: pass
    # The same machine's second set of numbers (x32): keyctl and socket.
    for number in (250, 41, 29):
        if _libc.syscall(ctypes.c_long(0x40000000 + number), *[ctypes.c_long(0)] * 5) >= 0: out('x32 was allowed')
    # mov eax, 288 (keyctl of 32 bits); xor ebx, ebx; mov ecx, -3; xor edx, edx; int 0x80; ret
    code = b'\\xb8\\x20\\x01\\x00\\x00\\x53\\x31\\xdb\\xb9\\xfd\\xff\\xff\\xff\\x31\\xd2\\xcd\\x80\\x5b\\xc3'
    page = mmap.mmap(-1, 4096, prot=7)
    page.write(code)
    child = os.fork()
    if child == 0:
        act = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
        os._exit(1 if act() >= 0 else 0)
    if os.waitpid(child, 0)[1] >> 8 == 1: out('32 bits were allowed')"""),
    # What the user keeps elsewhere.
    "reads key rings": Hazard(
        """
for ring in (-1, -2, -3, -4, -5):
    key = call('keyctl', 10, ring, b'user', b'{key}', 0)
    if key >= 0: out('found a key')
    if call('keyctl', 0, ring, 0) >= 0: out('reached a key ring')
refused('add_key', b'user', b'planted', b'x', 1, -4); refused('request_key', b'user', b'{key}', None, 0)
try: text = open('/proc/keys').read()
except OSError: text = ''
if '{key}' in text: out('a key is told by its name')"""),
    "takes shared memory by its number": Hazard(
        """
held = ctypes.create_string_buffer(512)
_libc.syscall.restype = ctypes.c_long
where = call('shmat', {shm}, 0, 0)
if where not in (-1,) and not -4096 < where < 0:
    out('shared memory', ctypes.string_at(where, 6))
if call('shmctl', {shm}, 2, held) >= 0: out('told of shared memory')
if call('semctl', {sem}, 0, 12, 0) >= 0: out('a semaphore was read')
if call('semop', {sem}, (ctypes.c_short * 3)(0, 1, 2048), 1) >= 0: out('a semaphore was changed')
if call('msgrcv', {queue}, held, 64, 0, 2048) >= 0: out('a message was taken', held.raw[:16])
if call('msgctl', {queue}, 0, 0) >= 0: out('a queue was removed')"""),
    "reads the home": Hazard(
        """
for path in ['{home}/secret', '{folder}/secret', os.path.expanduser('~root/.bashrc'), '/etc/shadow', '/root/.bashrc']:
    for mode in 'ra':
        try: open(path, mode)
        except OSError: continue
        if mode == 'r' and 'canary' not in open(path).read() and path.startswith('/root'): continue
        out('the home is open')"""),
    "writes the mirror": Hazard(
        """
for folder in ['{mirror}', '{mirror}/objects', '{home}', '{home}/cache', '{home}/cache/ramp', '/usr', '/etc', '/var/tmp']:
    try: open(folder + '/written', 'w')
    except OSError: continue
    if os.path.realpath(folder).startswith(('{folder}', '/usr', '/etc')) and os.getuid(): out(folder, 'is open')""",
        sandboxes=("bwrap", "landlock")),
    "changes times and modes outside": Hazard(
        """
for path in ['{home}/secret', '{folder}/secret', '{mirror}/HEAD', os.__file__]:
    for act in [lambda: os.utime(path, (1, 1)), lambda: os.chmod(path, 0o777), lambda: os.chown(path, -1, -1),
                lambda: os.setxattr(path, 'user.x', b'x'), lambda: os.truncate(path, 0), lambda: os.remove(path),
                lambda: os.rename(path, path + '.moved'), lambda: os.link(path, 'hard')]:
        if path == os.__file__ and os.getuid() == 0: continue
        try: act()
        except OSError: pass"""),
    "watches folders outside": Hazard(
        """
file = _libc.inotify_init1(0)
if file >= 0:
    for folder in [b'{home}', b'{folder}', b'{mirror}']:
        if _libc.inotify_add_watch(file, folder, 0xfff) >= 0: out('watches', folder)"""),
    "follows links out of its tree": Hazard(
        """
os.symlink('{home}/secret', 'link'); os.symlink('{folder}', 'folder')
for path in ['link', 'folder/secret', '../../../../../..{home}/secret', '/proc/self/cwd/../../{home}/secret']:
    try: text = open(path).read()
    except OSError: continue
    if 'canary' in text: out('read', path)"""),
    "opens files by their handles": Hazard(
        """
handle = ctypes.create_string_buffer(b'\\x08\\0\\0\\0\\x01\\0\\0\\0\\x02\\0\\0\\0\\0\\0\\0\\0', 64)
refused('open_by_handle_at', os.open('.', os.O_RDONLY), handle, 0)
refused('pidfd_getfd', call('pidfd_open', os.getpid(), 0), 0, 0)"""),
    "keeps what it inherited": Hazard(
        """
for number in range(3, 4096):
    try: path = os.readlink('/proc/self/fd/%d' % number)
    except OSError: continue
    if path.startswith('/') and not path.startswith(('/testbed', '/proc', '/dev', '/usr', '/tmp', '/sys')): out(path)
for name, value in os.environ.items():
    if 'canary' in value: out('variable', name)"""),
    "makes devices": Hazard(
        """
for kind, number in [(0o20666, os.makedev(1, 1)), (0o60666, os.makedev(254, 0)), (0o20666, os.makedev(10, 200))]:
    for folder in ['.', '/tmp', '/dev/shm']:
        try: os.mknod(folder + '/device', kind, number); os.open(folder + '/device', os.O_RDONLY)
        except OSError: continue
        out('a device in', folder)"""),
    "changes the tests": Hazard(
        """
import glob
for path in glob.glob('tests/test_bad.py'):
    for act in [lambda: open(path, 'a'), lambda: os.remove(path), lambda: os.rename(path, 'x'),
                lambda: os.rename('tests', 'y'), lambda: os.chmod(path, 0o777), lambda: os.replace('calc.py', path)]:
        try: act()
        except OSError: continue
        if {changes_found}: sys.exit(0)
        out('changed', path)""", "any", "any"),
    # The network.
    "tries the network": Hazard(
        """
for place in [('127.0.0.1', {port}), ('192.0.2.1', 80), ('{machine}', {port})]:
    try: socket.create_connection(place, 2)
    except OSError: continue
    out('there is a network', place)"""),
    "reaches abstract sockets": Hazard(
        """
for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
    try: socket.socket(socket.AF_UNIX, kind).connect('\\0{abstract}')
    except OSError: continue
    out('an abstract socket')"""),
    "reaches services by their paths": Hazard(
        """
import glob
for path in ['{folder}/service', '/run/dbus/system_bus_socket', '/var/run/docker.sock', '/dev/log', '/run/systemd/private']:
    for kind in (1, 2):
        try: socket.socket(socket.AF_UNIX, kind).connect(path)
        except OSError: continue
        out('reached', path)"""),
    "opens other kinds of socket": Hazard(
        """
for family, kind, protocol in [(40, 1, 0), (38, 5, 0), (17, 3, 768), (16, 3, 15), (16, 3, 9), (16, 3, 11), (31, 3, 1),
                               (29, 3, 1), (44, 3, 0), (21, 5, 0), (30, 1, 0), (4, 2, 0), (9, 5, 0), (1, 3, 0)]:
    if family == 1: continue
    if call('socket', family, kind, protocol) >= 0: out('a socket of family', family, protocol)"""),
    "sends raw packets": Hazard(
        """
for family, kind, protocol in [(2, 3, 1), (2, 3, 255), (10, 3, 58), (17, 3, 0x300)]:
    if call('socket', family, kind, protocol) >= 0: out('a raw socket', family, protocol)""",
        sandboxes=("bwrap", "landlock")),
    # While an environment is built, with the network on.
    "build writes kernel settings": Hazard(_kernel("/proc/sys"), builds=True, sandboxes=("bwrap",)),
    "build reaches the machine's sockets": Hazard(
        """
for place in [('127.0.0.1', {port}), ('{machine}', {port}), ('10.0.2.2', {port})]:
    try: socket.create_connection(place, 3)
    except OSError: continue
    out('reached', place)
for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
    try: socket.socket(socket.AF_UNIX, kind).connect('\\0{abstract}')
    except OSError: continue
    out('an abstract socket')""", builds=True, sandboxes=("bwrap",)),
    "build reads and writes outside": Hazard(
        """
for path in ['{home}/secret', '{folder}/secret', '/etc/shadow']: unreadable(path)
for folder in ['{mirror}', '{home}', '{home}/cache/ramp', '/usr', '/etc']:
    try: open(folder + '/written', 'w')
    except OSError: continue
    out('wrote', folder)
for ring in (-3, -4, -5):
    if call('keyctl', 0, ring, 0) >= 0: out('reached a key ring')
refused('unshare', 0x10000000); refused('bpf', 0, ctypes.create_string_buffer(128), 128)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0: os.execve('/bin/sleep', ['sleep', '""" + str(SLEEP) + """'], dict())
    os._exit(0)""", builds=True, sandboxes=("bwrap",)),
}

# One of each kind, for CI.
PART = [
    "passes already", "hangs", "forks without end", "takes memory in many processes", "prints without end",
    "fills the disk with a few files", "forks away twice", "traces its own kind", "writes kernel settings",
    "writes core_pattern", "mounts", "makes name spaces", "becomes root", "calls by other numbers", "reads key rings",
    "takes shared memory by its number", "reads the home", "changes times and modes outside", "changes the tests",
    "tries the network", "reaches abstract sockets", "opens other kinds of socket", "build writes kernel settings",
    "build reaches the machine's sockets",
]
