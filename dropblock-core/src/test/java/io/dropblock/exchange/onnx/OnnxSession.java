package io.dropblock.exchange.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A model in ONNX Runtime. */
final class OnnxSession implements AutoCloseable {
  private final OrtSession session;

  OnnxSession(OnnxModel model) throws IOException, OrtException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    model.write(bytes);
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      session = OrtEnvironment.getEnvironment().createSession(bytes.toByteArray(), options);
    }
  }

  /** All outputs by name. */
  Map<String, INDArray> run(INDArray images) throws OrtException {
    Map<String, INDArray> found = new HashMap<>();
    FloatBuffer pixels = FloatBuffer.wrap(images.dup('c').data().asFloat());
    try (OnnxTensor input =
            OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), pixels, images.shape());
        OrtSession.Result result = session.run(Map.of("images", input))) {
      for (Map.Entry<String, OnnxValue> one : result) {
        OnnxTensor tensor = (OnnxTensor) one.getValue();
        long[] shape = tensor.getInfo().getShape();
        found.put(one.getKey(), array(tensor).reshape('c', shape));
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

  Map<String, String> metadata() throws OrtException {
    return session.getMetadata().getCustomMetadata();
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
