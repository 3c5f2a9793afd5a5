package dev.kindstead.transaction;

import dev.kindstead.storage.Snapshot;
import dev.kindstead.storage.Space;
import org.jspecify.annotations.Nullable;

/**
 * A consistent read of some shards at one timestamp, open for as long as a request needs it. Inside
 * a read-write transaction it notes what is read, for validation at commit.
 *
 * <p>Thread rule: confined to one thread at a time.
 */
public interface ReadSession extends AutoCloseable {
  /** Microseconds; every shard of the session is read as of then. */
  long readTime();

  /**
   * The id to answer when the session began a transaction, otherwise null. A new transaction whose
   * id nobody has taken when the session is closed, as the read has failed, is over.
   */
  @Nullable TransactionId takeNewTransaction();

  /** The shard's state at {@link #readTime}; closed with the session. */
  Snapshot shard(int shard);

  /** Whether what is noted will be validated: in a read-write transaction. */
  boolean isNoting();

  /**
   * Notes that an entity was read.
   *
   * @param version of the entity read, zero when it was absent
   */
  void noteKey(int shard, byte[] entityKey, long version);

  /** Notes that [from, until) was read in CURRENT or INDEX, so that phantoms conflict. */
  void noteRange(int shard, Space space, byte[] from, byte[] until);

  @Override
  void close();
}
