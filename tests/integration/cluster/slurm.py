"""A Slurm of one's own on loopback addresses: a controller and two nodes in one folder, stopped at the end."""
import getpass
import os
import pathlib
import signal
import socket
import subprocess
import time

CONF = """
ClusterName=musicrep
SlurmctldHost={host}(127.0.0.1)
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmdSpoolDir={folder}/spool-%n
SlurmctldPort={ports[0]}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
ReturnToService=2
KillWait=1
MinJobAge=3600
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd-%n.log
NodeName={nodes[0]} NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[1]} CPUs={cpus} RealMemory={memory}
NodeName={nodes[1]} NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[2]} CPUs={cpus} RealMemory={memory}
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


def free_ports(n):
    sockets = [socket.socket() for _ in range(n)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def children_of(pid):
    """All below a process, the deepest last."""
    out = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True).stdout.split()
    return [each for child in map(int, out) for each in (child, *children_of(child))]


class Slurm:
    nodes = ("one", "two")

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        self.daemons = {}
        (self.folder / "munge.key").write_bytes(os.urandom(128))
        (self.folder / "munge.key").chmod(0o600)
        (self.folder / "state").mkdir()
        memory = int(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**20 / len(self.nodes))
        (self.folder / "slurm.conf").write_text(CONF.format(
            host=socket.gethostname(), user=getpass.getuser(), folder=self.folder, ports=free_ports(3), nodes=self.nodes,
            cpus=os.cpu_count(), memory=memory))
        self.environment = dict(os.environ, SLURM_CONF=str(self.folder / "slurm.conf"),
                                PATH=os.environ["PATH"] + ":/usr/sbin")

    def start(self):
        files = [f"--{name}={self.folder}/munge.{end}" for name, end in
                 (("key-file", "key"), ("socket", "socket"), ("pid-file", "pid"), ("log-file", "log"),
                  ("seed-file", "seed"))]
        self.daemon("munged", "munged", "--foreground", "--force", *files)
        self.wait(lambda: (self.folder / "munge.socket").exists())
        self.daemon("slurmctld", "slurmctld", "-D")
        for node in self.nodes:
            self.start_node(node)
        self.wait(lambda: self.ask("sinfo", "-h", "-o", "%D %t") == f"{len(self.nodes)} idle")

    def start_node(self, node):
        self.daemon(node, "slurmd", "-D", "-N", node)

    def daemon(self, name, *command):
        with open(self.folder / f"{name}.out", "ab") as out:
            self.daemons[name] = subprocess.Popen(command, env=self.environment, stdout=out, stderr=out)

    def ask(self, *command):
        return subprocess.run(command, env=self.environment, capture_output=True, text=True).stdout.strip()

    def wait(self, holds, seconds=120):
        until = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > until:
                logs = "\n".join(f"{log}:\n{log.read_text()[-2000:]}" for log in sorted(self.folder.glob("*.log")))
                raise TimeoutError(logs)
            time.sleep(0.2)

    def programs_on(self, node):
        """Processes of the jobs that run on a node: those of its job daemons (slurmstepd), which are no child of
        its own."""
        here = f"SLURM_CONF={self.folder}/slurm.conf\0".encode()
        out = []
        for job in self.ask("squeue", "-h", "-o", "%i", "-t", "R", "-w", node).split():
            for proc in pathlib.Path("/proc").iterdir():
                try:
                    if not proc.name.isdigit() or here not in (proc / "environ").read_bytes() + b"\0":
                        continue
                    title = (proc / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                except OSError:
                    continue
                if title.startswith(f"slurmstepd: [{job}."):
                    out += [int(proc.name), *children_of(int(proc.name))]
        return out

    def kill_node(self, node):
        """As if its machine went down."""
        programs = self.programs_on(node)
        for pid in (self.daemons[node].pid, *programs):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.daemons.pop(node).wait()
        return programs

    def notice_death_of(self, node):
        """What the controller does by itself once a node has been silent for SlurmdTimeout, five minutes."""
        self.ask("scontrol", "update", f"NodeName={node}", "State=DOWN", "Reason=killed")

    def stop(self):
        if "slurmctld" in self.daemons:
            self.ask("scancel", "--state=RUNNING", "--user", getpass.getuser())
            self.ask("scancel", "--user", getpass.getuser())
        for node in self.nodes:
            if node in self.daemons:
                self.kill_node(node)
        for daemon in reversed(self.daemons.values()):
            daemon.terminate()
            try:
                daemon.wait(timeout=30)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()
