package io.dropblock.spark.recipe;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.schedule.Constant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeProblemsTest {

  @Test
  void allProblemsAreToldAtOnce() {
    assertThatThrownBy(
            () ->
                Recipe.load(
                    "cifar10-resnet20",
                    List.of(
                        "train.epoch=3",
                        "train.epochs=-1",
                        "train.local_batch=many",
                        "train.averaging.every=0",
                        "dropblock.block_size=0",
                        "dropblock.keep_probability=linear(1, 1.2)",
                        "data.std=[1, 2]",
                        "oops")))
        .isInstanceOf(RecipeException.class)
        .hasMessage(
            """
            Cannot load recipe cifar10-resnet20: 8 problems
              - Cannot apply override 'oops': expected key=value, such as train.epochs=3
              - data.std must be 3 numbers above 0 and at most 255, not [1.0, 2.0]
              - dropblock.block_size must be positive, not 0
              - dropblock.keep_probability must be above 0 and at most 1 from start to end, not linear(1.0, 1.2)
              - Unknown key train.epoch: did you mean train.epochs?
              - train.local_batch must be a whole number of at most 32 bits, not 'many'
              - train.averaging.every must be positive, not 0
              - train.epochs must be positive, not -1""");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "trian.epochs=1 | Unknown key trian: did you mean train?",
        "epochs=1 | Unknown key epochs: did you mean train.epochs?",
        "train.localBatch=1 | Unknown key train.localBatch: did you mean train.local_batch?",
        "model.dilation=2 | Unknown key model.dilation: known here are family, depth, width",
        "extends=demo | Unknown key extends: known here are name, seed, data, model, dropblock, train",
        "train.epochs=24.5 | train.epochs must be a whole number of at most 32 bits, not 24.5",
        "train.epochs=3000000000 | train.epochs must be a whole number of at most 32 bits, not 3000000000",
        "train.epochs= | train.epochs must be a whole number of at most 32 bits, not nothing",
        "train.epochs='3' | train.epochs must be a whole number of at most 32 bits, not '3'",
        "train.epochs.first=3 | train.epochs must be a whole number of at most 32 bits, not {first: 3}",
        "train=3 | train must be a block of keys, not 3",
        "seed=abc | seed must be a whole number of at most 64 bits, not 'abc'",
        "name=3 | name must be text, not 3",
        "name=a/b | name must be 1 to 100 letters, digits, '.', '_' or '-', the first a letter or digit, not 'a/b'",
        "data.flip=1 | data.flip must be true or false, not 1",
        "data.classes=1 | data.classes must be at least 2, not 1",
        "data.size=0 | data.size must be positive, not 0",
        "data.transform=pad-corp | data.transform must be one of pad-crop, random-resized-crop (did you mean pad-crop?), not 'pad-corp'",
        "data.pad=33 | data.pad must be from 0 to data.size for transform pad-crop, not 33",
        "data.pad= | data.pad must be from 0 to data.size for transform pad-crop, not nothing",
        "data.transform=random-resized-crop | data.pad must be left out for transform random-resized-crop, not 4",
        "data.auto_augment=v0 | data.auto_augment must be true or false, not 'v0'",
        "data.scaled_decoding=true | data.scaled_decoding must be false for transform pad-crop, not true",
        "data.cutout=33 | data.cutout must be from 0 to data.size, not 33",
        "data.cutout=-1 | data.cutout must be from 0 to data.size, not -1",
        "data.mean=[1, 2, 256] | data.mean must be 3 numbers from 0 to 255, not [1.0, 2.0, 256.0]",
        "data.mean=[1, x, 2] | data.mean[1] must be a number, not 'x'",
        "data.mean=128 | data.mean must be a list, each a number, not 128",
        "model.family=vgg | model.family must be one of resnet, resnet-cifar, not 'vgg'",
        "model.depth=21 | model.depth must be 6n + 2 (8, 14, 20, 32, 56, ...) for family resnet-cifar, not 21",
        "model.width=0 | model.width must be positive, not 0",
        "dropblock.kind=droppath | dropblock.kind must be one of dropblock, dropout, spatial-dropout, drop-path (did you mean drop-path?), not 'droppath'",
        "dropblock.groups=[0] | dropblock.groups must be 1 or above, not [0]",
        "dropblock.groups=[4] | dropblock.groups must be from 1 to 3 for this model.family, not [4]",
        "dropblock.groups=[2, 2] | dropblock.groups names 2 twice",
        "dropblock.sites=[skpi] | dropblock.sites[0] must be one of branch, skip (did you mean skip?), not 'skpi'",
        "dropblock.keep_probability=0 | dropblock.keep_probability must be above 0 and at most 1 from start to end, not constant(0.0)",
        "dropblock.keep_probability=linaer(1, 0.9) | dropblock.keep_probability: Cannot parse schedule 'linaer(1, 0.9)': unknown kind 'linaer', did you mean 'linear'? Expected a number, constant(value), linear(from, to), steps(value, value @ progress, ...) or warm-up(fraction, schedule)",
        "dropblock.keep_probability=[1] | dropblock.keep_probability must be a schedule such as 0.1 or linear(1.0, 0.9), not [1]",
        "dropblock.group_divisor=0.5 | dropblock.group_divisor must be at least 1, not 0.5",
        "train.accumulation=0 | train.accumulation must be positive, not 0",
        "train.accumulation=1.5 | train.accumulation must be a whole number of at most 32 bits, not 1.5",
        "train.accumulation= | train.accumulation must be a whole number of at most 32 bits, not nothing",
        "train.acumulation=2 | Unknown key train.acumulation: did you mean train.accumulation?",
        "train.world=-1 | train.world must be positive, or 0 for all task slots, not -1",
        "train.learning_rate=linear(0.1, -0.1) | train.learning_rate must be at least 0 from start to end, not linear(0.1, -0.1)",
        "train.momentum=1 | train.momentum must be at least 0 and below 1, not 1.0",
        "train.weight_decay=-1e-4 | train.weight_decay must be at least 0 and below 1, not -1.0E-4",
        "train.weight_decay=1e999 | train.weight_decay must be a number, not Infinity",
        "train.evaluate_every=0 | train.evaluate_every must be positive, not 0",
        "train.checkpoint_every=-1 | train.checkpoint_every must be positive, or 0 for none, not -1",
        "train.keep_checkpoints=0 | train.keep_checkpoints must be positive, not 0",
        "train.prefetch=0 | train.prefetch must be positive, not 0",
        "=3 | Cannot apply override '=3': expected key=value, such as train.epochs=3",
        "train..epochs=3 | Cannot apply override 'train..epochs=3': expected key=value, such as train.epochs=3",
        "data.mean=[1 | Cannot apply override 'data.mean=[1': while parsing a flow sequence, expected ',' or ']', but got <stream end> (line 1)",
        "train.epochs=010 | Cannot apply override 'train.epochs=010': 010 would be octal in YAML, drop the leading 0 (line 1)"
      })
  void eachProblemNamesItsKeyAndValue(String override, String problem) {
    assertThatThrownBy(() -> Recipe.load("cifar10-resnet20", List.of(override)))
        .isInstanceOf(RecipeException.class)
        .hasMessage("Cannot load recipe cifar10-resnet20: " + problem);
  }

  @Test
  void sitesAreNeededWhereGroupsDrop() {
    assertThatThrownBy(
            () -> Recipe.load("cifar10-resnet20-dropblock", List.of("dropblock.sites=[]")))
        .hasMessageEndingWith("dropblock.sites must name branch, skip or both, not []");
    Recipe.load("cifar10-resnet20", List.of("dropblock.sites=[]"));
  }

  @Test
  void dropPathIsOnTheBranchOnly() {
    List<String> path = List.of("dropblock.kind=drop-path");
    assertThatThrownBy(() -> Recipe.load("cifar10-resnet20-dropblock", path))
        .hasMessageEndingWith(
            "dropblock.sites must be branch alone for kind drop-path, not [branch, skip]");
    Recipe.load(
        "cifar10-resnet20-dropblock",
        List.of("dropblock.kind=drop-path", "dropblock.sites=[branch]"));
    Recipe.load("cifar10-resnet20", path);
  }

  @Test
  void recordsRefuseTheSameWithoutAFile() {
    assertThatThrownBy(
            () -> new DropBlockRecipe(null, null, Set.of(), 0, new Constant(2), Double.NaN))
        .isInstanceOf(RecipeException.class)
        .hasMessage(
            """
            Invalid dropblock recipe: 5 problems
              - dropblock.kind must be given, not nothing
              - dropblock.groups must be 1 or above, not nothing
              - dropblock.block_size must be positive, not 0
              - dropblock.keep_probability must be above 0 and at most 1 from start to end, not constant(2.0)
              - dropblock.group_divisor must be at least 1, not NaN""");
    assertThatThrownBy(
            () -> new AveragingRecipe(0, AveragingRecipe.Master.RING, AveragingRecipe.Wire.EXACT))
        .hasMessage(
            "Invalid train.averaging recipe: train.averaging.every must be positive, not 0");
    assertThatThrownBy(
            () -> new DataRecipe(2, 8, null, Optional.empty(), false, true, true, 0, null, null))
        .hasMessageContaining("data.transform must be given, not nothing")
        .hasMessageContaining("data.mean must be 3 numbers from 0 to 255, not nothing");
  }
}
