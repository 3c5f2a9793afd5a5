package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.keyOn;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.model.Key;
import dev.kindstead.model.NotServedException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * A shard's leader that does not know of its successor misses what that has committed: it must not
 * answer for a time that was handed out when the successor was announced.
 */
final class LeaderOfThePastTest {
  private static final long LATER_TERM = 1_000;

  private final World world = new World();
  private final Key key = keyOn(0, 0);
  private final Key other = keyOn(1, 0);

  private void announce(int shard, long term) {
    world.await(world.askOracle(new TimestampMessages.Announce(shard, term, "n2")));
  }

  private void isNotServed(Key of) {
    var read = world.startGet(new ReadMode.Strong(), of);
    assertThatThrownBy(() -> world.await(read)).isInstanceOf(NotServedException.class);
  }

  @Test
  void itDoesNotAnswerForTimesAfterItsSuccessorWasAnnounced() {
    world.put(upsert(key, 1), upsert(other, 1));
    announce(0, LATER_TERM);
    isNotServed(key);
    assertThat(world.get(other)).as("another shard's leader is not concerned").isEqualTo(1);
  }

  @Test
  void anEarlierTermThatIsAnnouncedLateChangesNothing() {
    announce(0, LATER_TERM);
    var late = world.askOracle(new TimestampMessages.Announce(0, LATER_TERM - 1, "n2"));
    assertThatThrownBy(() -> world.await(late)).isInstanceOf(NotServedException.class);
    isNotServed(key);
  }

  @Test
  void whatWasAnnouncedIsKnownToTheNextOracle() {
    announce(0, LATER_TERM);
    world.restart();
    isNotServed(key);
  }

  @Test
  void aTransactionReadsWhatItsSnapshotAllows() {
    world.put(upsert(key, 1), upsert(other, 1));
    TransactionId id = world.begin();
    assertThat(world.get(id, other)).isEqualTo(1);
    announce(0, LATER_TERM);
    assertThat(world.get(id, key)).as("its snapshot is from before").isEqualTo(1);
  }

  @Test
  void nothingIsServedBeforeTheTermIsAnnounced() {
    world.put(upsert(key, 1));
    world.log(0).expectMembers();
    world.systemLog().pause();
    world.log(0).stopLeading();
    world.log(0).leadOn();
    world.run();
    isNotServed(key);
    var put = world.startPut(upsert(key, 2));
    assertThatThrownBy(() -> world.await(put)).isInstanceOf(NotServedException.class);
    world.systemLog().resume();
    world.pass(Duration.ofMillis(100));
    assertThat(world.get(key)).isEqualTo(1);
    world.put(upsert(key, 2));
    assertThat(world.get(key)).isEqualTo(2);
  }
}
