package io.dropblock.spark.data.prepare;

import java.time.Duration;

/** Is told how far a job has come, about twice a second, by the thread that waits for it. */
@FunctionalInterface
public interface JobProgress {
  /** Tells nobody. */
  JobProgress NONE = (done, all) -> {};

  /**
   * Some work is done. The first call comes before the job's first task, with what an earlier run
   * had done; the last one of a job that succeeds has {@code done} equal to {@code all}.
   *
   * @param done shards that are finished
   * @param all shards that there are
   */
  void shards(int done, int all);

  /**
   * The same behind work that an earlier run had done, which is counted, too.
   *
   * @param before shards that were finished
   */
  default JobProgress behind(int before) {
    JobProgress whole = this;
    return new JobProgress() {
      @Override
      public void shards(int done, int all) {
        whole.shards(before + done, before + all);
      }

      @Override
      public void waiting(Duration missing) {
        whole.waiting(missing);
      }
    };
  }

  /**
   * There is no executor to work, for now.
   *
   * @param missing how long
   */
  default void waiting(Duration missing) {}
}
