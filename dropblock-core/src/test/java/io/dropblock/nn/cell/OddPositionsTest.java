package io.dropblock.nn.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class OddPositionsTest {
  private static final LayerWorkspaceMgr NONE = LayerWorkspaceMgr.noWorkspaces();

  /** Each pixel by definition, forward and back: every output's gradient goes to its one pixel. */
  @ParameterizedTest
  @CsvSource({"6, 4", "5, 7", "1, 4", "3, 1", "1, 1", "2, 2"})
  void areThoseBetween(int height, int width) {
    INDArray maps = Nd4j.rand(DataType.DOUBLE, 2, height, width, 3);
    GraphVertex vertex = new OddPositionsVertex(null, "odd", 0, DataType.DOUBLE);
    vertex.setInputs(new INDArray[] {maps});
    INDArray output = vertex.doForward(true, NONE);
    int rows = (height + 1) / 2;
    int columns = (width + 1) / 2;
    assertThat(output.shape()).containsExactly(2, rows, columns, 3);
    INDArray above = Nd4j.rand(DataType.DOUBLE, 2, rows, columns, 3);
    vertex.setEpsilon(above);
    INDArray below = vertex.doBackward(false, NONE).getSecond()[0];
    INDArray expected = Nd4j.zeros(DataType.DOUBLE, maps.shape());
    for (int sample = 0; sample < 2; sample++) {
      for (int channel = 0; channel < 3; channel++) {
        for (int row = 0; row < rows; row++) {
          for (int column = 0; column < columns; column++) {
            int y = 2 * row + 1;
            int x = 2 * column + 1;
            boolean inside = y < height && x < width;
            assertThat(output.getDouble(sample, row, column, channel))
                .isEqualTo(inside ? maps.getDouble(sample, y, x, channel) : 0);
            if (inside) {
              expected.putScalar(
                  new int[] {sample, y, x, channel}, above.getDouble(sample, row, column, channel));
            }
          }
        }
      }
    }
    assertThat(below).isEqualTo(expected);
  }

  @Test
  void wantTheChannelsLast() {
    OddPositions pixels = new OddPositions();
    assertThat(pixels.getOutputType(0, InputType.convolutional(5, 4, 3, CNN2DFormat.NHWC)))
        .isEqualTo(InputType.convolutional(3, 2, 3, CNN2DFormat.NHWC));
    assertThatThrownBy(
            () -> pixels.getOutputType(0, InputType.convolutional(5, 4, 3, CNN2DFormat.NCHW)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(
            "Cannot take odd pixels: one input of maps with the channels last is needed, not ");
    assertThat(pixels.clone()).isEqualTo(pixels).hasSameHashCodeAs(pixels);
  }
}
