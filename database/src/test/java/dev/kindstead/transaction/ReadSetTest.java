package dev.kindstead.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.model.Bytes;
import dev.kindstead.model.DatastoreException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** A transaction that was refused more reads may be handed over, like any other. */
final class ReadSetTest {
  private final ReadSet reads = new ReadSet();

  @Test
  void whatIsRefusedIsNotHandedOver() {
    for (int i = 0; i < ReadSet.READS_MAX; i++) {
      reads.noteKey(1, key(i), i);
    }
    assertThatThrownBy(() -> reads.noteKey(1, key(ReadSet.READS_MAX), 0))
        .isInstanceOf(DatastoreException.class);
    reads.noteKey(1, key(0), 7);
    var next = new ReadSet();
    next.restore(reads.seal());
    assertThat(next.part(1, 5).keys()).hasSize(ReadSet.READS_MAX).containsEntry(key(0), 0L);
  }

  private static Bytes key(int i) {
    return Bytes.of(ByteBuffer.allocate(4).putInt(i).array());
  }
}
