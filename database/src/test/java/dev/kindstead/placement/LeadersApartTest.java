package dev.kindstead.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.replication.Members;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node serves only what it leads: a shard led elsewhere would answer nobody. */
final class LeadersApartTest {
  private final FakeLog system = new FakeLog("b", Members.NOBODY);
  private final FakeLog here = new FakeLog("a", Members.NOBODY);
  private final FakeLog elsewhere = new FakeLog("c", Members.NOBODY);
  private final HandTime time = new HandTime();
  private final LeadersTogether leaders =
      new LeadersTogether(List.of(here, elsewhere), system, "a", time, time);

  @BeforeEach
  void start() {
    leaders.start();
  }

  private void look() {
    time.ring();
  }

  @Test
  void whatThisNodeLeadsGoesToTheSystemGroupsLeader() {
    look();
    assertThat(here.transfers()).containsExactly("b");
    assertThat(elsewhere.transfers()).isEmpty();
    assertThat(leaders.leadsNothing()).isFalse();
    here.lead("b");
    look();
    assertThat(here.transfers()).hasSize(1);
    assertThat(leaders.leadsNothing()).isTrue();
  }

  @Test
  void nothingMovesWhileTheSystemGroupHasNoLeaderOrIsLedHere() {
    system.lead("");
    look();
    system.lead("a");
    look();
    assertThat(here.transfers()).isEmpty();
  }

  @Test
  void aShardIsNotHandedBackToWhoHasProbablyDied() {
    here.lead("b");
    look();
    here.lead("a"); // elected, while the system group still believes in b
    look();
    assertThat(here.transfers()).isEmpty();
    time.pass(Duration.ofSeconds(2));
    look();
    assertThat(here.transfers()).containsExactly("b");
  }
}
