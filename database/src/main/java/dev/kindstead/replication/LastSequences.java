package dev.kindstead.replication;

import dev.kindstead.model.Invariant;
import dev.kindstead.storage.OrderedStore;
import dev.kindstead.storage.Space;
import dev.kindstead.storage.WriteSet;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * How many entries of each of the last terms were applied. It is part of the replicated state, so
 * that a replica whose state is replaced by a checkpoint can still tell what became of the entries
 * that it proposed when it led: without it, "not applied" would be a guess.
 *
 * <p>Thread rule: {@link #isApplied} from any thread, the rest from the applying thread.
 */
final class LastSequences {
  /** Terms with at least one entry applied; a proposal is never open for longer. */
  static final int TERMS_REMEMBERED = 256;

  /** By term; the greatest is the position's own. */
  private final ConcurrentSkipListMap<Long, Long> byTerm = new ConcurrentSkipListMap<>();

  /** Reads what the store holds. What is known already stays right: a term only gets further. */
  void load(OrderedStore store, Position position) {
    byTerm.putAll(StoredState.lastSequences(store));
    applied(position);
    while (byTerm.size() > TERMS_REMEMBERED) {
      byTerm.pollFirstEntry();
    }
  }

  /** The last entry of a term is known when one of the next term is applied. */
  void stage(WriteSet writes, Position before, Position next) {
    if (before.term() == next.term() || before.term() == 0) {
      return;
    }
    byte[] last = StoredState.encodeNumber(before.sequence());
    writes.put(Space.META, StateKeys.lastSequence(before.term()), last);
    if (byTerm.size() >= TERMS_REMEMBERED) {
      writes.delete(Space.META, StateKeys.lastSequence(byTerm.firstKey()));
    }
  }

  void applied(Position position) {
    if (position.term() == 0) {
      return;
    }
    byTerm.put(position.term(), position.sequence());
    if (byTerm.size() > TERMS_REMEMBERED) {
      byTerm.pollFirstEntry();
    }
  }

  /** The number of a term's next entry. */
  long next(long term) {
    Long last = byTerm.get(term);
    return last == null ? Entry.SEQUENCE_FIRST : last + 1;
  }

  boolean isApplied(long term, long sequence) {
    Long last = byTerm.get(term);
    if (last != null) {
      return last >= sequence;
    }
    Map.Entry<Long, Long> oldest = byTerm.firstEntry();
    Invariant.check(
        oldest == null || term > oldest.getKey() || byTerm.size() < TERMS_REMEMBERED,
        "a proposal is open for " + TERMS_REMEMBERED + " terms at most");
    return false;
  }
}
