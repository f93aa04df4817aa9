package io.dropblock.jcublas;

import io.dropblock.op.DeviceArrays;
import java.lang.ref.Reference;
import org.nd4j.jita.allocator.impl.AtomicAllocator;
import org.nd4j.jita.flow.FlowController;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.jcublas.context.CudaContext;

/**
 * Arrays of {@code nd4j-cuda-11.6}, in place, by the calls with which its own ops prepare and
 * register theirs: {@code SynchronousFlowController} and {@code AtomicAllocator} of 1.0.0-M2.1.
 */
public final class JcublasArrays implements DeviceArrays {
  @Override
  public Place place() {
    return place(AtomicAllocator.getInstance().getDeviceContext());
  }

  private static Place place(CudaContext context) {
    // of the thread's own stream; CudaContext keeps a pointer to it under the name "old"
    return new Place(
        Nd4j.getAffinityManager().getDeviceForCurrentThread(), context.getCublasStream().address());
  }

  @Override
  public void use(INDArray input, INDArray output, Launch launch) {
    AtomicAllocator allocator = AtomicAllocator.getInstance();
    FlowController flow = allocator.getFlowController();
    CudaContext context = flow.prepareAction(output, input);
    // What shares the output's buffer may be newer in main memory, and will count as older
    flow.synchronizeToDevice(allocator.getAllocationPoint(output));
    launch.at(
        place(context),
        allocator.getPointer(input, context).address(),
        allocator.getPointer(output, context).address());
    flow.registerAction(context, output, input);
    Reference.reachabilityFence(input);
    Reference.reachabilityFence(output);
  }
}
