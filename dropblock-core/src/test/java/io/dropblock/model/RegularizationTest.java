package io.dropblock.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.model.Regularization.Site;
import io.dropblock.op.Normalization;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RegularizationTest {

  @Test
  void dividesTheDropProbabilityByFourForEachGroupBeforeTheLast() {
    Regularization paper = Regularization.dropBlock(7, List.of(3, 4));
    assertThat(paper.dropScale(4, 4)).isEqualTo(1);
    assertThat(paper.dropScale(3, 4)).isEqualTo(1 / 4.);
    assertThat(paper.dropScale(2, 4)).isEqualTo(1 / 16.);
    assertThat(paper.dropScale(1, 4)).isEqualTo(1 / 64.);
  }

  @Test
  void scalesNoGroupWithDivisorOne() {
    var even = new Regularization(new TreeSet<>(Set.of(1)), EnumSet.of(Site.SKIP), 7, 1);
    assertThat(even.dropScale(1, 4)).isEqualTo(1);
  }

  /** Of every kind that has a layer, also after a change of sites. */
  @Test
  void scalesOverWhatItIsTold() {
    for (Regularization one :
        List.of(
            Regularization.dropBlock(7, List.of(4)),
            Regularization.dropout(List.of(4)),
            Regularization.spatialDropout(List.of(4)))) {
      assertThat(one.block().build().normalization()).isEqualTo(Normalization.BATCH);
      Regularization bySample = one.scaledBy(Normalization.SAMPLE).at(EnumSet.of(Site.BRANCH));
      assertThat(bySample.block().build().normalization()).isEqualTo(Normalization.SAMPLE);
      assertThat(bySample.kind()).isEqualTo(one.kind());
    }
  }

  @Test
  void coversGroupsAndSitesTogether() {
    Regularization branches =
        Regularization.dropBlock(7, List.of(3, 4)).at(EnumSet.of(Site.BRANCH));
    assertThat(branches.covers(3, Site.BRANCH)).isTrue();
    assertThat(branches.covers(3, Site.SKIP)).isFalse();
    assertThat(branches.covers(2, Site.BRANCH)).isFalse();
    assertThat(Regularization.none().covers(4, Site.BRANCH)).isFalse();
  }

  @Test
  void coversTheHeadWithAndWithoutGroups() {
    assertThat(Regularization.dropBlockInHead(4).coversHead()).isTrue();
    assertThat(Regularization.dropBlockInHead(4).groups()).isEmpty();
    assertThat(Regularization.dropBlock(7, List.of(4)).coversHead()).isFalse();
    Regularization both =
        Regularization.dropBlock(7, List.of(4)).at(EnumSet.of(Site.BRANCH, Site.HEAD));
    assertThat(both.coversHead()).isTrue();
    assertThat(both.covers(4, Site.BRANCH)).isTrue();
  }

  @Test
  void keepsItsOwnCopyOfTheSets() {
    TreeSet<Integer> groups = new TreeSet<>(Set.of(4));
    Regularization regularization = Regularization.dropBlock(7, groups);
    groups.add(3);
    assertThat(regularization.groups()).containsExactly(4);
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> Regularization.dropBlock(-1, List.of(4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid block size: -1");
    assertThatThrownBy(() -> Regularization.dropBlock(7, List.of(0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot regularize group 0: groups count from 1");
    assertThatThrownBy(() -> Regularization.dropBlock(7, List.of(4)).at(Set.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot regularize groups [4]: sites are []");
    assertThatThrownBy(() -> Regularization.dropPath(List.of(4)).at(EnumSet.of(Site.SKIP)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot drop paths at sites [SKIP]: DropPath is on the branch only");
    assertThatThrownBy(() -> Regularization.dropBlock(7, List.of(4)).at(Set.of(Site.HEAD)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot regularize groups [4]: sites are [HEAD]");
    assertThatThrownBy(
            () -> Regularization.dropPath(List.of(4)).at(EnumSet.of(Site.BRANCH, Site.HEAD)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot drop paths at sites [BRANCH, HEAD]: DropPath is on the branch only");
    assertThatThrownBy(() -> new Regularization(new TreeSet<>(), Set.of(), 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid group divisor: 0.0");
  }
}
