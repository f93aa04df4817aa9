package io.dropblock.spark.cli.assembly;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.dropblock.exchange.onnx.OnnxModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What ONNX Runtime says. */
final class RuntimeModel {
  private RuntimeModel() {}

  /** All outputs by name. */
  static Map<String, INDArray> run(OnnxModel model, INDArray images)
      throws IOException, OrtException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    model.write(bytes);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, INDArray> found = new HashMap<>();
    FloatBuffer pixels = FloatBuffer.wrap(images.dup('c').data().asFloat());
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      try (OrtSession session = environment.createSession(bytes.toByteArray(), options);
          OnnxTensor input = OnnxTensor.createTensor(environment, pixels, images.shape());
          OrtSession.Result result = session.run(Map.of("images", input))) {
        for (Map.Entry<String, OnnxValue> one : result) {
          OnnxTensor tensor = (OnnxTensor) one.getValue();
          found.put(one.getKey(), array(tensor).reshape('c', tensor.getInfo().getShape()));
        }
      }
    }
    return found;
  }

  private static INDArray array(OnnxTensor tensor) {
    if (tensor.getFloatBuffer() != null) {
      float[] values = new float[tensor.getFloatBuffer().remaining()];
      tensor.getFloatBuffer().get(values);
      return Nd4j.createFromArray(values);
    }
    long[] values = new long[tensor.getLongBuffer().remaining()];
    tensor.getLongBuffer().get(values);
    return Nd4j.createFromArray(values);
  }
}
