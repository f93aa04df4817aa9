package io.dropblock.spark.train.step;

import io.dropblock.nn.GradientAccumulation;
import io.dropblock.nn.phase.Phase;
import io.dropblock.nn.phase.PhaseClock;
import io.dropblock.spark.rank.RankCores;
import io.dropblock.spark.rank.RankGpu;
import java.util.ArrayList;
import java.util.Collection;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.TrainingHook;
import org.deeplearning4j.spark.api.WorkerConfiguration;
import org.deeplearning4j.spark.api.worker.NetBroadcastTuple;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingResult;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingWorker;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** A rank: trains steps of several micro-batches, where dl4j-spark's own would update by each. */
final class StockWorker extends ParameterAveragingTrainingWorker {
  private static final long serialVersionUID = 1L;

  private final ArrayList<TrainingHook> hooks;
  private transient ComputationGraph network;
  private transient GradientAccumulation accumulation;
  private transient PhaseClock clock;

  StockWorker(
      Broadcast<NetBroadcastTuple> state,
      WorkerConfiguration configuration,
      Collection<TrainingHook> hooks) {
    super(state, true, configuration, hooks, null, null);
    this.hooks = new ArrayList<>(hooks);
  }

  /** Called first, on the thread that then trains. */
  @Override
  public ComputationGraph getInitialModelGraph() {
    RankGpu.ofThisTask().ifPresent(RankGpu::take);
    RankCores.ofThisTask().take();
    ComputationGraph graph = super.getInitialModelGraph();
    graph.addListeners(new PhaseClock());
    return graph;
  }

  @Override
  public ParameterAveragingTrainingResult processMinibatch(
      MultiDataSet batch, ComputationGraph graph, boolean isLast) {
    StepBatch step = (StepBatch) batch;
    attach(graph);
    clock.end(Phase.DATA);
    hooks.forEach(hook -> hook.preUpdate(step, graph));
    accumulation.fit(clock.reading(step.microBatches()));
    clock.end(Phase.UPDATE);
    hooks.forEach(hook -> hook.postUpdate(step, graph));
    step.done();
    return isLast ? getFinalResult(graph) : null;
  }

  /** A task has one graph, from its first step to its last. */
  private void attach(ComputationGraph graph) {
    if (network != graph) {
      network = graph;
      accumulation = new GradientAccumulation(graph);
      clock = PhaseClock.in(graph).orElseThrow();
    }
  }
}
