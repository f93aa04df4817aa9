# Sourced by submit.sh: what --help prints.

usage() {
  cat <<'HELP'
Usage: ./submit.sh [--cluster KIND] [--gpu] [--settings FILE]
                   [--conf KEY=VALUE]... [--jar FILE] [--dry-run]
                   COMMAND [ARGUMENT]...

Runs COMMAND of DropBlock on Spark. Options before COMMAND are for this script,
everything from COMMAND on is the program's.

  --cluster KIND    local        two executor JVMs on this machine (default)
                    standalone   a Spark master at spark://127.0.0.1:7077, see
                                 cluster-configs/standalone/cluster.sh
                    yarn         the YARN that HADOOP_CONF_DIR describes
                    kubernetes   the Kubernetes that is named by
                                 --conf spark.master=k8s://https://HOST:PORT
  --gpu             executors compute on GPUs, one each:
                    cluster-configs/KIND/gpu.conf, and the jar for GPUs
  --settings FILE   Spark settings, KEY VALUE a line, on top of those of the
                    cluster's kind: cluster-configs/examples has some
  --conf KEY=VALUE  one Spark setting; stronger than
                    cluster-configs/KIND/spark-defaults.conf; may be repeated
  --jar FILE        submit this jar (a file, or local:///path inside a container
                    image) and build nothing
  --dry-run         print the command that would run, and run and build nothing
  --help            this text; ./submit.sh COMMAND --help is the program's

Commands
  prepare    turn a dataset as people have it into shards
  check      look whether this cluster can train, in half a minute
  tune       try executors, threads and batches for a minute each, and say which
             to use
  train      train a recipe
  evaluate   measure a checkpoint
  predict    ask a trained network about images, and write a table
  analyze    look closer at trained networks: the paper's figures 5 and 6
  describe   print what a recipe means: its model, its schedule, its cost
  report     write a page that tells how runs went
             (no cluster: one JVM)
  export     write a trained network as ONNX, or its weights as safetensors
             (no cluster: one JVM)
  experiment train a grid of recipes, settings and seeds, and compare them
  scaling    say on paper how training scales, and what failures cost
             (no cluster: one JVM)
  bench      measure this machine: the DropBlock op, a training step, averaging,
             input (no cluster: JVMs for each thing measured)
  demo       a small training, from nothing to a report

Examples
  ./submit.sh demo
  ./submit.sh train --help
  ./submit.sh --conf spark.executor.memory=6g train RECIPE --set train.epochs=2
  ./submit.sh --cluster standalone train RECIPE
  ./submit.sh --cluster yarn --conf spark.executor.instances=8 train RECIPE
  ./submit.sh --cluster yarn --gpu train RECIPE
  ./submit.sh --dry-run train RECIPE

Needs Java 17 (JAVA_HOME, else java on the PATH). Spark is the one in SPARK_HOME
(3.5, Scala 2.12); without SPARK_HOME what is needed of Spark is fetched once,
to .spark-runtime. The exit code is the program's. More: docs/README.md
HELP
}
