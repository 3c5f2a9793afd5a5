package dev.kindstead.encoding;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.model.Key;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Damaged bytes must be named as such, whatever the damage: never another error, never a hang. */
class CorruptBytesTest {
  private static final int ROUNDS = 20_000;

  private final RandomEntities random = new RandomEntities(31);

  @Test
  void damagedEntitiesDecodeOrAreNamedCorrupt() {
    for (int i = 0; i < ROUNDS; i++) {
      byte[] damaged = damage(EntityEncoding.encode(random.entity()));
      tolerate(() -> EntityEncoding.decode(damaged));
      tolerate(() -> EntityEncoding.decodeKeyOnly(damaged));
    }
  }

  @Test
  void damagedKeysAndEntriesDecodeOrAreNamedCorrupt() {
    for (int i = 0; i < ROUNDS; i++) {
      Key key = random.key();
      byte[] damagedKey = damage(KeyEncoding.entityKey(key));
      tolerate(() -> KeyEncoding.decodeEntityKey(damagedKey));

      int prefix = IndexKeyEncoding.propertyPrefix(key.partition(), key.kind(), "p").length;
      byte[] entry = damage(IndexKeyEncoding.propertyEntry(key, "p", random.indexable()));
      tolerate(() -> IndexKeyEncoding.decodeValue(entry, prefix));
      tolerate(() -> IndexKeyEncoding.decodeKey(entry, prefix, key.partition(), false));
    }
  }

  @Test
  void aLengthBeyondTheEndAllocatesNothing() {
    // A string, a blob and a message that each claim two gigabytes.
    for (int tag :
        new int[] {EntityFields.VALUE_STRING, EntityFields.VALUE_BLOB, EntityFields.VALUE_ENTITY}) {
      BackwardWriter writer = new BackwardWriter(64);
      writer.varint(tag, Integer.MAX_VALUE);
      writer.message(EntityFields.PROPERTY_VALUE, 0);
      writer.message(EntityFields.ENTITY_PROPERTIES, 0);
      assertThatThrownBy(() -> EntityEncoding.decode(writer.toByteArray()))
          .isInstanceOf(CorruptBytesException.class);
    }
  }

  @Test
  void endlessNestingEndsBeforeTheStackDoes() {
    BackwardWriter writer = new BackwardWriter(64);
    for (int i = 0; i < 20_000; i++) {
      writer.message(EntityFields.VALUE_ENTITY, 0);
      writer.message(EntityFields.PROPERTY_VALUE, 0);
      writer.message(EntityFields.ENTITY_PROPERTIES, 0);
    }
    assertThatThrownBy(() -> EntityEncoding.decode(writer.toByteArray()))
        .isInstanceOf(CorruptBytesException.class)
        .hasMessageContaining("nested too deep");
  }

  @Test
  void malformedUtf8IsNotReplaced() {
    byte[] bytes = EntityEncoding.encode(random.entity());
    byte[] malformed = "corrupt".getBytes(StandardCharsets.UTF_8);
    malformed[3] = (byte) 0xFF;
    BackwardWriter writer = new BackwardWriter(64);
    writer.bytes(EntityFields.VALUE_STRING, malformed);
    writer.message(EntityFields.PROPERTY_VALUE, 0);
    writer.message(EntityFields.ENTITY_PROPERTIES, 0);
    byte[] whole = Arrays.copyOf(bytes, bytes.length + writer.size());
    System.arraycopy(writer.toByteArray(), 0, whole, bytes.length, writer.size());
    assertThatThrownBy(() -> EntityEncoding.decode(whole))
        .isInstanceOf(CorruptBytesException.class)
        .hasMessageContaining("UTF-8");
  }

  private byte[] damage(byte[] bytes) {
    byte[] damaged = bytes.clone();
    for (int flips = random.random().nextInt(4); flips > 0 && damaged.length > 0; flips--) {
      damaged[random.random().nextInt(damaged.length)] ^= (byte) (1 << random.random().nextInt(8));
    }
    if (random.random().nextBoolean()) {
      return Arrays.copyOf(damaged, random.random().nextInt(damaged.length + 1));
    }
    return damaged;
  }

  private static void tolerate(Runnable decoding) {
    try {
      decoding.run();
    } catch (CorruptBytesException named) {
      // as it should be
    }
  }
}
