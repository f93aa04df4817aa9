/**
 * Optimisers as DL4J's configurations and checkpoints hold them. {@link
 * io.dropblock.optimizer.settings.OptimizerSettings} have each optimiser's definition, by ND4J's
 * ops; momentum's are beside the optimiser, where the checkpoints of before look for them.
 */
package io.dropblock.optimizer.settings;
