package io.dropblock.spark.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.schedule.Constant;
import io.dropblock.spark.recipe.yaml.RecipeException;
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
        "model.dilation=2 | Unknown key model.dilation: known here are family, file, network, depth, width, cells, stem_filters, stem, genotype, auxiliary_weight, dropout, norm_decay, norm_epsilon, norm_frozen, max_pool_padding",
        "extends=demo | Unknown key extends: known here are name, seed, task, data, model, dropblock, train",
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
        "data.classes=1 | data.classes must be at least 2 for task classification, not 1",
        "data.classes=0 | data.classes must be positive, not 0",
        "data.size=0 | data.size must be positive, not 0",
        "data.transform=pad-corp | data.transform must be one of pad-crop, random-resized-crop, inception-crop, scale-crop (did you mean pad-crop?), not 'pad-corp'",
        "data.pad=33 | data.pad must be from 0 to data.size for transform pad-crop, not 33",
        "data.pad= | data.pad must be from 0 to data.size for transform pad-crop, not nothing",
        "data.transform=random-resized-crop | data.pad must be left out for transform random-resized-crop, not 4",
        "data.auto_augment=v0 | data.auto_augment must be true or false, not 'v0'",
        "data.augment=randaugment | data.augment: Cannot parse policy 'randaugment': expected none, auto-augment, trivial-augment or rand-augment(operations, magnitude)",
        "data.augment=rand-augment | data.augment: Cannot parse policy 'rand-augment': expected none, auto-augment, trivial-augment or rand-augment(operations, magnitude)",
        "data.augment=rand-augment(0, 9) | data.augment: Cannot parse policy 'rand-augment(0, 9)': operations are from 1 to 14, the magnitude from 0 to 30",
        "data.augment=rand-augment(15, 9) | data.augment: Cannot parse policy 'rand-augment(15, 9)': operations are from 1 to 14, the magnitude from 0 to 30",
        "data.augment=rand-augment(2, 31) | data.augment: Cannot parse policy 'rand-augment(2, 31)': operations are from 1 to 14, the magnitude from 0 to 30",
        "data.augment=rand-augment(2, -1) | data.augment: Cannot parse policy 'rand-augment(2, -1)': expected none, auto-augment, trivial-augment or rand-augment(operations, magnitude)",
        "data.augment=rand-augment(2, 99999999999) | data.augment: Cannot parse policy 'rand-augment(2, 99999999999)': operations are from 1 to 14, the magnitude from 0 to 30",
        "data.augment=true | data.augment must be text, not true",
        "data.augment= | data.augment must be text, not nothing",
        "data.random_erasing=1.5 | data.random_erasing must be from 0 to 1, not 1.5",
        "data.random_erasing=-0.1 | data.random_erasing must be from 0 to 1, not -0.1",
        "data.mixup=-0.2 | data.mixup must be from 0 to 100, not -0.2",
        "data.mixup=101 | data.mixup must be from 0 to 100, not 101.0",
        "data.mixup=true | data.mixup must be a number, not true",
        "data.cutmix=-1 | data.cutmix must be from 0 to 100, not -1.0",
        "data.evaluation_size=48 | data.evaluation_size must be left out for transform pad-crop, not 48",
        "data.evaluation_resize=48 | data.evaluation_resize must be left out for transform pad-crop, not 48",
        "data.scaled_decoding=true | data.scaled_decoding must be false for transform pad-crop, not true",
        "data.cutout=33 | data.cutout must be from 0 to data.size, not 33",
        "data.cutout=-1 | data.cutout must be from 0 to data.size, not -1",
        "data.mean=[1, 2, 256] | data.mean must be 3 numbers from 0 to 255, not [1.0, 2.0, 256.0]",
        "data.mean=[1, x, 2] | data.mean[1] must be a number, not 'x'",
        "data.mean=128 | data.mean must be a list, each a number, not 128",
        "model.family=vgg | model.family must be one of resnet, resnet-cifar, amoebanet, graph, not 'vgg'",
        "model.depth=21 | model.depth must be 6n + 2 (8, 14, 20, 32, 56, ...) for family resnet-cifar, not 21",
        "model.width=0 | model.width must be positive, not 0",
        "model.depth= | model.depth must be 6n + 2 (8, 14, 20, 32, 56, ...) for family resnet-cifar, not nothing",
        "model.cells=6 | model.cells must be left out for family resnet-cifar, not 6",
        "model.stem_filters=6 | model.stem_filters must be left out for family resnet-cifar, not 6",
        "model.auxiliary_weight=0.4 | model.auxiliary_weight must be left out for family resnet-cifar, not 0.4",
        "model.dropout=0.5 | model.dropout must be left out for family resnet-cifar, not 0.5",
        "model.genotype=B | model.genotype must be a block of keys, not 'B'",
        "dropblock.kind=drop-path-by-cell | dropblock.kind must not be drop-path-by-cell for this model.family, which has no cells, not drop-path-by-cell",
        "dropblock.kind=droppath | dropblock.kind must be one of dropblock, dropout, spatial-dropout, drop-path, drop-path-by-cell (did you mean drop-path?), not 'droppath'",
        "dropblock.groups=[0] | dropblock.groups must be 1 or above, not [0]",
        "dropblock.groups=[4] | dropblock.groups must be from 1 to 3 for this model.family, not [4]",
        "dropblock.groups=[2, 2] | dropblock.groups names 2 twice",
        "dropblock.sites=[skpi] | dropblock.sites[0] must be one of branch, skip, head (did you mean skip?), not 'skpi'",
        "dropblock.keep_probability=0 | dropblock.keep_probability must be above 0 and at most 1 from start to end, not constant(0.0)",
        "dropblock.keep_probability=linaer(1, 0.9) | dropblock.keep_probability: Cannot parse schedule 'linaer(1, 0.9)': unknown kind 'linaer', did you mean 'linear'? Expected a number, constant(value), linear(from, to), steps(value, value @ place, ...), exponential(from, factor, every 2.4 epochs), cosine(from, to) or warm-up(place, schedule), where a place is a share such as 0.5 or epoch 30",
        "dropblock.keep_probability=[1] | dropblock.keep_probability must be a schedule such as 0.1 or linear(1.0, 0.9), not [1]",
        "dropblock.group_divisor=0.5 | dropblock.group_divisor must be at least 1 and below 1e9, not 0.5",
        "dropblock.group_divisor=1e10 | dropblock.group_divisor must be at least 1 and below 1e9, not 1.0E10",
        "train.accumulation=0 | train.accumulation must be positive, not 0",
        "train.accumulation=1.5 | train.accumulation must be a whole number of at most 32 bits, not 1.5",
        "train.accumulation= | train.accumulation must be a whole number of at most 32 bits, not nothing",
        "train.acumulation=2 | Unknown key train.acumulation: did you mean train.accumulation?",
        "train.slots=-1 | train.slots must be positive, or 0 for as many as world and accumulation make, not -1",
        "train.world=3 | train.world must be at most train.slots, 2, as each rank trains a slot or more: lower it, or raise train.slots and lower train.local_batch, not 3",
        "train.accumulation=2 | train.accumulation must be left out beside train.slots, which are all micro-batches of a step: multiply them, or set train.slots to 0, not 2",
        "train.world=-1 | train.world must be positive, or 0 for all task slots, not -1",
        "train.learning_rate=linear(0.1, -0.1) | train.learning_rate must be at least 0 from start to end, not linear(0.1, -0.1)",
        "train.learning_rate=steps(1, 0.1 @ epoch 20) | train.learning_rate: Cannot place steps(1.0, 0.1 @ epoch 20) in a run: epoch 20 of 20, which count from 0; train longer, or place it earlier",
        "train.learning_rate=warm-up(epoch 21, 1) | train.learning_rate: Cannot place warm-up(epoch 21, constant(1.0)) in a run: epoch 21 of 20, which count from 0; train longer, or place it earlier",
        "dropblock.keep_probability=steps(1, 0.9 @ epoch 30) | dropblock.keep_probability: Cannot place steps(1.0, 0.9 @ epoch 30) in a run: epoch 30 of 20, which count from 0; train longer, or place it earlier",
        "train.momentum=1 | train.optimizer.momentum must be at least 0 and below 1, not 1.0",
        "train.momentum=fast | train.optimizer.momentum must be a number, not 'fast'",
        "train.optimizer.momentum=-0.1 | train.optimizer.momentum must be at least 0 and below 1, not -0.1",
        "train.optimizer.nesterov=2 | train.optimizer.nesterov must be true or false, not 2",
        "train.optimizer.kind=adams | train.optimizer.kind must be one of adam, adamw, momentum, rmsprop (did you mean adam?), not 'adams'",
        "train.optimizer.beta1=0.9 | train.optimizer.beta1 is for optimizer adam and adamw only",
        "train.clip_norm=-1 | train.clip_norm must be at least 0, which is none, not -1.0",
        "train.clip_norm=1e999 | train.clip_norm must be a number, not Infinity",
        "train.clip_norm= | train.clip_norm must be a number, not nothing",
        "train.optimizer={kind: rmsprop, momentum: 0.9, epsilon: 1} | Missing key train.optimizer.decay: must be a number",
        "train.optimizer={kind: rmsprop, decay: 1, momentum: 0.9, epsilon: 1} | train.optimizer.decay must be at least 0 and below 1, not 1.0",
        "train.optimizer={kind: rmsprop, decay: 0.9, momentum: -1, epsilon: 1} | train.optimizer.momentum must be at least 0 and below 1, not -1.0",
        "train.optimizer={kind: rmsprop, decay: 0.9, momentum: 0.9, epsilon: 0} | train.optimizer.epsilon must be a float above 0, not 0.0",
        "train.optimizer={kind: rmsprop, decay: 0.9, momentum: 0.9, epsilon: 1, nesterov: true} | train.optimizer.nesterov is for optimizer momentum only",
        "train.optimizer={kind: adam, beta1: 1} | train.optimizer.beta1 must be at least 0 and below 1, not 1.0",
        "train.optimizer={kind: adam, epsilon: 1e-60} | train.optimizer.epsilon must be a float above 0, not 1.0E-60",
        "train.optimizer={kind: adam, beta2: 1} | train.optimizer.beta2 must be at least 0 and below 1, not 1.0",
        "train.optimizer={kind: adam, epsilon: 1e39} | train.optimizer.epsilon must be a float above 0, not 1.0E39",
        "train.optimizer={kind: adamw, beta1: -1} | train.optimizer.beta1 must be at least 0 and below 1, not -1.0",
        "train.optimizer={kind: adamw, epsilon: 0} | train.optimizer.epsilon must be a float above 0, not 0.0",
        "train.optimizer={kind: adamw, beta2: 1} | train.optimizer.beta2 must be at least 0 and below 1, not 1.0",
        "train.optimizer=momentum | train.optimizer must be a block of keys, not 'momentum'",
        "train.weight_decay=-1e-4 | train.weight_decay.rate must be at least 0 and below 1, not -1.0E-4",
        "train.weight_decay=1e999 | train.weight_decay.rate must be a number, not Infinity",
        "train.weight_decay.of=[] | train.weight_decay.of must name kernels, biases, normalization or head-normalization, not []",
        "train.weight_decay.of=[normalization, head-normalization] | train.weight_decay.of must name head-normalization only without normalization, which holds it, not [normalization, head-normalization]",
        "train.freeze_first_convolution=1 | train.freeze_first_convolution must be true or false, not 1",
        "train.weight_decay.of=[kernel] | train.weight_decay.of[0] must be one of kernels, biases, normalization, head-normalization (did you mean kernels?), not 'kernel'",
        "train.moving_average.decay=1 | train.moving_average.decay must be at least 0 and below 1, not 1.0",
        "train.moving_average.decay=-0.1 | train.moving_average.decay must be at least 0 and below 1, not -0.1",
        "train.moving_average={every: 2} | Missing key train.moving_average.decay: must be a number",
        "train.moving_average=0.9999 | train.moving_average must be a block of keys, not 0.9999",
        "train.moving_average={decay: 0.9, every: 0} | train.moving_average.every must be positive, not 0",
        "train.moving_average={decay: 0.9, evaluate: raw} | train.moving_average.evaluate must be one of average, both, not 'raw'",
        "task=classification | task must be a block of keys, not 'classification'",
        "task.kind=clasification | task.kind must be one of classification, detection, segmentation (did you mean classification?), not 'clasification'",
        "task.kind=3 | task.kind must be one of classification, detection, segmentation, not 3",
        "task.head_filters=3 | task.head_filters is for task detection and segmentation only",
        "task.label_smooting=0.1 | Unknown key task.label_smooting: did you mean task.label_smoothing?",
        "task.classes=3 | Unknown key task.classes: did you mean data.classes?",
        "task.strength=3 | Unknown key task.strength: known here are kind, label_smoothing",
        "head_filters=3 | Unknown key head_filters: did you mean task.head_filters?",
        "task.label_smoothing=1 | task.label_smoothing must be at least 0 and below 1, not 1.0",
        "data.scale=[0.5, 1] | data.scale must be left out for transform pad-crop, not [0.5, 1.0]",
        "dropblock.sites=[head] | dropblock.sites must not have head, which is for tasks segmentation and detection only, not [head]",
        "model.norm_decay=1 | model.norm_decay must be at least 0 and below 1, not 1.0",
        "model.norm_epsilon=0 | model.norm_epsilon must be above 0 and below 1, not 0.0",
        "model.norm_epsilon=1e-300 | model.norm_epsilon must be above 0 as a float, too, not 1.0E-300",
        "model.depth=1208 | model.depth must be at most 1202 for family resnet-cifar, not 1208",
        "model.width=2147483647 | model.width must be at most 16384, not 2147483647",
        "data.size=4100 | data.size must be at most 4096, not 4100",
        "train.clip_norm=1e-300 | train.clip_norm must be 0 or a float above it, not 1.0E-300",
        "train.clip_norm=1e39 | train.clip_norm must be 0 or a float above it, not 1.0E39",
        "model.norm_frozen=1 | model.norm_frozen must be true or false, not 1",
        "model.max_pool_padding=symmetric | model.max_pool_padding must be same for family resnet-cifar, not symmetric",
        "model.max_pool_padding=valid | model.max_pool_padding must be one of same, symmetric, not 'valid'",
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "task.label_smoothing=0.1 | task.label_smoothing is for task classification only",
        "task.first_level=1 | task.first_level must be at least 2, not 1",
        "task.first_level=6 | task.last_level must be at least task.first_level, not 5",
        "task.last_level=4 | task.last_level must be 5, the last of this model.family, not 4",
        "task.pyramid_filters=0 | task.pyramid_filters must be positive, not 0",
        "task.head_filters=0 | task.head_filters must be positive, not 0",
        "task.head_convolutions=-1 | task.head_convolutions must be at least 0, not -1",
        "task.head_convolutions=0 | dropblock.sites must not have head where task.head_convolutions is 0, not [head]",
        "task.padding=ignore | task.padding must be one of background, void, not 'ignore'",
        "data.transform=random-resized-crop | data.scale must be left out for transform random-resized-crop, not [0.75, 1.5]",
        "data.scale= | data.scale must be 2 ascending numbers above 0 and at most 8 for transform scale-crop, not nothing",
        "data.scale=[1.5, 0.75] | data.scale must be 2 ascending numbers above 0 and at most 8 for transform scale-crop, not [1.5, 0.75]",
        "data.scale=[1, 9] | data.scale must be 2 ascending numbers above 0 and at most 8 for transform scale-crop, not [1.0, 9.0]",
        "data.scale=[0, 1] | data.scale must be 2 ascending numbers above 0 and at most 8 for transform scale-crop, not [0.0, 1.0]",
        "data.scale=[1] | data.scale must be 2 ascending numbers above 0 and at most 8 for transform scale-crop, not [1.0]",
        "data.scale=1.5 | data.scale must be a list, each a number, not 1.5",
        "data.pad=4 | data.pad must be left out for transform scale-crop, not 4",
        "data.scaled_decoding=true | data.scaled_decoding must be false for transform scale-crop, not true",
        "data.classes=256 | data.classes must be at most 255 for task segmentation, not 256",
        "data.auto_augment=true | data.augment must be none for task segmentation, not 'auto-augment'",
        "data.random_erasing=0.1 | data.random_erasing must be 0 for task segmentation, not 0.1",
        "data.mixup=0.2 | data.mixup must be 0 for task segmentation, not 0.2",
        "data.cutmix=1 | data.cutmix must be 0 for task segmentation, not 1.0",
        "data.evaluation_size=48 | data.evaluation_size must be left out for transform scale-crop, not 48",
        "data.cutout=5 | data.cutout must be 0 for task segmentation, not 5",
        "dropblock.kind=drop-path | dropblock.sites must be branch alone for kind drop-path, not [head]",
        "dropblock.groups=[4] | dropblock.sites must name branch, skip or both, not [head]",
        "train.epochs=300 | train.learning_rate: Cannot place steps(0.02, 0.002 @ epoch 278, 2.0E-4 @ epoch 389) in a run: epoch 389 of 300, which count from 0; train longer, or place it earlier"
      })
  void segmentationHasRulesOfItsOwn(String override, String problem) {
    String recipe = "voc-segmentation-r101-fpn-dropblock";
    assertThatThrownBy(() -> Recipe.load(recipe, List.of(override)))
        .isInstanceOf(RecipeException.class)
        .hasMessage("Cannot load recipe " + recipe + ": " + problem);
  }

  @Test
  void theMovingAverageTakesWeightsInThatAllRanksHave() {
    List<String> every5 =
        List.of("train.averaging.every=5", "train.moving_average={decay: 0.9, every: 10}");
    assertThat(Recipe.load("cifar10-resnet20", every5).train().movingAverage())
        .contains(new MovingAverageRecipe(.9, 10, MovingAverageRecipe.Weights.AVERAGE));
    assertThatThrownBy(
            () ->
                Recipe.load(
                    "cifar10-resnet20",
                    List.of("train.averaging.every=5", "train.moving_average.decay=0.9")))
        .isInstanceOf(RecipeException.class)
        .hasMessage(
            "Cannot load recipe cifar10-resnet20: train.moving_average.every must be a multiple of"
                + " train.averaging.every, 5, as ranks have different weights in between, not 1");
  }

  @Test
  void aTransformIsForItsTask() {
    List<String> crop = List.of("data.transform=random-resized-crop", "data.scale=", "data.pad=");
    assertThatThrownBy(() -> Recipe.load("voc-segmentation-r101-fpn", crop))
        .hasMessageEndingWith(
            "data.transform must be scale-crop for task segmentation, not random-resized-crop");
    assertThatThrownBy(() -> Recipe.load("coco-retinanet-r50-fpn", crop))
        .hasMessageEndingWith(
            "data.transform must be scale-crop for task detection, not random-resized-crop");
    List<String> scale = List.of("data.transform=scale-crop", "data.scale=[1, 1]", "data.pad=");
    assertThatThrownBy(() -> Recipe.load("cifar10-resnet20", scale))
        .hasMessageEndingWith(
            "data.transform must be pad-crop, random-resized-crop or inception-crop for task"
                + " classification, not scale-crop");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "data.evaluation_size=0 | data.evaluation_size must be from 1 to 4096, not 0",
        "data.evaluation_size=4097 | data.evaluation_size must be from 1 to 4096, not 4097",
        "data.evaluation_size=288.5 | data.evaluation_size must be a whole number of at most 32 bits, not 288.5",
        "data.evaluation_resize=223 | data.evaluation_resize must be at least the size of evaluation, 224, and at most 8192, not 223",
        "data.evaluation_resize=8193 | data.evaluation_resize must be at least the size of evaluation, 224, and at most 8192, not 8193",
        "data.mixup=0.2;train.local_batch=1 | train.local_batch must be at least 2 where data.mixup or data.cutmix mixes images of a micro-batch, not 1",
        "data.cutmix=1;train.local_batch=1 | train.local_batch must be at least 2 where data.mixup or data.cutmix mixes images of a micro-batch, not 1",
        "data.transform=inception-crop;data.evaluation_resize=256 | data.evaluation_resize must be left out for transform inception-crop, not 256",
        "data.transform=inception-crop;data.scaled_decoding=true | data.scaled_decoding must be false for transform inception-crop, not true",
        "data.transform=inception-crop;data.pad=4 | data.pad must be left out for transform inception-crop, not 4"
      })
  void photographsHaveRulesOfTheirOwn(String overrides, String problem) {
    assertThatThrownBy(() -> Recipe.load("imagenet-resnet50", List.of(overrides.split(";"))))
        .isInstanceOf(RecipeException.class)
        .hasMessageStartingWith("Cannot load recipe imagenet-resnet50: ")
        .hasMessageEndingWith(problem)
        .hasMessageNotContaining("\n");
  }

  /** As torchvision evaluates what it trained at 176. */
  @Test
  void evaluationMayBeLargerThanTraining() {
    DataRecipe data =
        Recipe.load(
                "imagenet-resnet50",
                List.of("data.size=176", "data.evaluation_size=224", "data.evaluation_resize=232"))
            .data();
    assertThat(data.evaluationSize()).contains(224);
    assertThat(data.evaluationResize()).contains(232);
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
            () ->
                new DropBlockRecipe(
                    null, null, Set.of(), Optional.empty(), 0, new Constant(2), Double.NaN))
        .isInstanceOf(RecipeException.class)
        .hasMessage(
            """
            Invalid dropblock recipe: 5 problems
              - dropblock.kind must be given, not nothing
              - dropblock.groups must be 1 or above, not nothing
              - dropblock.block_size must be positive, not 0
              - dropblock.keep_probability must be above 0 and at most 1 from start to end, not constant(2.0)
              - dropblock.group_divisor must be at least 1 and below 1e9, not NaN""");
    assertThatThrownBy(
            () -> new AveragingRecipe(0, AveragingRecipe.Master.RING, AveragingRecipe.Wire.EXACT))
        .hasMessage(
            "Invalid train.averaging recipe: train.averaging.every must be positive, not 0");
    assertThatThrownBy(
            () ->
                new DataRecipe(
                    2,
                    8,
                    Optional.empty(),
                    Optional.empty(),
                    null,
                    Optional.empty(),
                    Optional.empty(),
                    false,
                    true,
                    null,
                    0,
                    Double.NaN,
                    -1,
                    0,
                    null,
                    null))
        .hasMessageContaining("data.augment: Cannot parse policy nothing: expected none, ")
        .hasMessageContaining("data.random_erasing must be from 0 to 1, not NaN")
        .hasMessageContaining("data.mixup must be from 0 to 100, not -1.0")
        .hasMessageContaining("data.transform must be given, not nothing")
        .hasMessageContaining("data.mean must be 3 numbers from 0 to 255, not nothing");
  }
}
