package io.dropblock.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What submit.sh takes for the processors and the memory of a machine: folders made up here. */
class MachineTest {
  @TempDir private Path machine;

  @BeforeEach
  void eightGigabytes() throws IOException {
    assumeThat(Path.of("/bin/bash")).as("bash").exists();
    write("proc/meminfo", "MemTotal:        8388608 kB\nMemFree:         1000000 kB\n");
  }

  @Test
  void withoutControlGroupsItIsTheMachines() throws Exception {
    assertThat(ask("usable_memory '" + machine + "'")).isEqualTo("8192 of this machine\n");
    assertThat(ask("usable_processors '" + machine + "' 6")).isEqualTo("6");
  }

  @Test
  void theLeastLimitOfNestedGroupsCounts() throws Exception {
    write("proc/self/cgroup", "0::/user.slice/job_7/step_0\n");
    write("sys/fs/cgroup/user.slice/job_7/step_0/memory.max", "max\n");
    write("sys/fs/cgroup/user.slice/job_7/memory.max", "3221225472\n");
    write("sys/fs/cgroup/user.slice/memory.max", "6442450944\n");
    write("sys/fs/cgroup/user.slice/job_7/step_0/cpu.max", "max 100000\n");
    write("sys/fs/cgroup/user.slice/job_7/cpu.max", "350000 100000\n");
    write("sys/fs/cgroup/user.slice/cpu.max", "800000 100000\n");

    assertThat(ask("usable_memory '" + machine + "'"))
        .isEqualTo("3072 of " + machine + "/sys/fs/cgroup/user.slice/job_7/memory.max\n");
    assertThat(ask("usable_processors '" + machine + "' 6")).isEqualTo("3");
    assertThat(ask("usable_processors '" + machine + "' 2")).isEqualTo("2");
  }

  @Test
  void soDoThoseOfVersion1() throws Exception {
    write(
        "proc/self/cgroup",
        "9:name=systemd:/x\n4:memory:/job/7\n1:cpu,cpuacct:/job/7\n2:cpuset:/\n0::/\n");
    write("sys/fs/cgroup/memory/job/7/memory.limit_in_bytes", "9223372036854771712\n");
    write("sys/fs/cgroup/memory/job/memory.limit_in_bytes", "2147483648\n");
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    write("sys/fs/cgroup/cpu,cpuacct/job/7/cpu.cfs_quota_us", "-1\n");
    write("sys/fs/cgroup/cpu,cpuacct/job/7/cpu.cfs_period_us", "100000\n");
    write("sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_quota_us", "50000\n");
    write("sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_period_us", "100000\n");

    assertThat(ask("usable_memory '" + machine + "'"))
        .startsWith("2048 of ")
        .endsWith("/memory/job/memory.limit_in_bytes\n");
    assertThat(ask("usable_processors '" + machine + "' 6")).isEqualTo("1");
  }

  @Test
  void aContainerSeesItsOwnGroupAsTheTopmost() throws Exception {
    write("proc/self/cgroup", "0::/system.slice/docker-0a1b.scope\n");
    write("sys/fs/cgroup/memory.max", "1073741824\n");
    write("sys/fs/cgroup/cpu.max", "200000 100000\n");

    assertThat(ask("usable_memory '" + machine + "'"))
        .isEqualTo("1024 of " + machine + "/sys/fs/cgroup/memory.max\n");
    assertThat(ask("usable_processors '" + machine + "' 6")).isEqualTo("2");
  }

  @Test
  void openMpsThreadsAreNoProcessors() throws Exception {
    assertThat(ask("OMP_NUM_THREADS=1 OMP_THREAD_LIMIT=1 processors"))
        .isEqualTo(ask("unset OMP_NUM_THREADS OMP_THREAD_LIMIT; nproc"));
  }

  @Test
  void sharesMemoryOut() throws Exception {
    ScriptRun run = run("executor_memory 24576 'of this machine' 2 $(driver_memory 24576) ''");
    assertThat(run.out()).isEqualTo("1920 4736\n");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void saysWhereTheLeastThatItGivesDoesNotFit() throws Exception {
    ScriptRun tight = run("executor_memory 4096 'of this machine' 2 1024 ''");
    assertThat(tight.code()).isZero();
    assertThat(tight.out()).isEqualTo("1024 1024\n");
    assertThat(tight.err())
        .isEqualTo(
            "submit.sh: there may be too little memory: 4096 MiB of this machine, and a run may"
                + " take 7168: 1024 for the driver, 3072 for each executor (1024 heap, 1024"
                + " arrays, 1024 the rest), executors: 2; what takes too much is ended by the"
                + " kernel; give more, or say --conf spark.executor.instances=1\n");
    run("executor_memory 2048 'of /sys/fs/cgroup/memory.max' 2 1024 ''")
        .assertFails(
            1,
            "Cannot run 2 executors: heaps of 1024 MiB each and the driver's of 1024 are more than"
                + " the 2048 MiB of /sys/fs/cgroup/memory.max; give more,"
                + " or say --conf spark.executor.instances=1");
  }

  private String ask(String question) throws Exception {
    ScriptRun run = run(question);
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    return run.out().stripTrailing().isEmpty() ? "" : run.out();
  }

  private ScriptRun run(String question) throws Exception {
    Path script = machine.resolve("question.sh");
    Files.writeString(
        script,
        "set -euo pipefail\n. '"
            + ScriptRun.root().resolve("cluster-configs/machine.sh")
            + "'\n"
            + question
            + "\n");
    return ScriptRun.of(machine, script, Map.of());
  }

  private void write(String file, String text) throws IOException {
    Path path = machine.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
