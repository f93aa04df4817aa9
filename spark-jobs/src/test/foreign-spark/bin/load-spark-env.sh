# Sourced by the scripts beside it, as in a whole Spark: spark-env.sh of the settings' folder, once, whose variables are
# all exported.
if [ -z "$SPARK_ENV_LOADED" ]; then
  export SPARK_ENV_LOADED=1
  export SPARK_CONF_DIR="${SPARK_CONF_DIR:-${SPARK_HOME}/conf}"
  if [ -f "${SPARK_CONF_DIR}/spark-env.sh" ]; then
    set -a
    . "${SPARK_CONF_DIR}/spark-env.sh"
    set +a
  fi
fi
export SPARK_SCALA_VERSION=2.12
