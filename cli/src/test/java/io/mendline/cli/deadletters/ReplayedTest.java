package io.mendline.cli.deadletters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReplayedTest {
  private static final int SEED = 7;
  private static final int OFFSETS = 60;

  @Test
  void offsets_that_touch_become_one_range() {
    Replayed replayed = Replayed.parse("");
    for (long offset : new long[] {5, 7, 6, 0, 9, 9}) {
      replayed.add(offset);
    }
    assertThat(replayed).hasToString("0,5-7,9");
    assertThat(replayed.firstAfter(0)).isEqualTo(1);
    assertThat(replayed.firstAfter(5)).isEqualTo(8);
  }

  @Test
  void what_is_written_is_read_and_knows_the_same_offsets() {
    Random random = new Random(SEED);
    for (int round = 0; round < 200; round++) {
      Replayed replayed = Replayed.parse("");
      Set<Long> known = new HashSet<>();
      for (int i = 0; i < OFFSETS / 2; i++) {
        long offset = random.nextInt(OFFSETS);
        replayed.add(offset);
        known.add(offset);
      }
      Replayed read = Replayed.parse(replayed.toString());
      for (long offset = 0; offset < OFFSETS; offset++) {
        assertThat(read.contains(offset))
            .as("%s in %s", offset, read)
            .isEqualTo(known.contains(offset));
      }
    }
  }

  @Test
  void what_was_deleted_from_the_topic_is_forgotten() {
    Replayed replayed = Replayed.parse("0-3,5-9,12");
    replayed.forgetBefore(7);
    assertThat(replayed).hasToString("5-9,12");
  }

  @Test
  void what_somebody_else_wrote_is_refused() {
    assertThatThrownBy(() -> Replayed.parse("not ours"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
