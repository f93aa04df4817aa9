package io.dropblock.spark.train.progress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReportDeskTest {
  /** An executor reads it with Java's and Spark's classes alone, where our jar came by the net. */
  @Test
  void whatExecutorsAreAnsweredIsOfAClassThatTheyAllHave() {
    Object answer = new ReportDesk().receive(new StopQuestion("no such job", "1"));

    assertThat(answer.getClass().getClassLoader()).as("Java's own").isNull();
    assertThat(answer).isEqualTo("OVER");
  }
}
