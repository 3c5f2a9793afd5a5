package dev.kindstead.transaction;

import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.model.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** AllocateIds and ReserveIds. Thread-safe. */
final class KeyAllocation {
  private final List<Participant> participants;
  private final CommitRouting routing;
  private final IdAllocator ids;

  KeyAllocation(List<Participant> participants, CommitRouting routing, IdAllocator ids) {
    this.participants = participants;
    this.routing = routing;
    this.ids = ids;
  }

  CompletableFuture<List<Key>> allocate(List<Key> incomplete) {
    return allocate(incomplete, new ArrayList<>());
  }

  private CompletableFuture<List<Key>> allocate(List<Key> incomplete, List<Key> complete) {
    while (complete.size() < incomplete.size()) {
      long id = ids.tryNext();
      if (id == 0) {
        return ids.refill().thenCompose(_ -> allocate(incomplete, complete));
      }
      Key key = incomplete.get(complete.size()).withId(id);
      if (isFree(key)) {
        complete.add(key);
      }
    }
    return CompletableFuture.completedFuture(List.copyOf(complete));
  }

  /** A client may have chosen the id by itself. */
  private boolean isFree(Key key) {
    Participant participant = participants.get(routing.shardOf(key));
    return participant.store().current(KeyEncoding.entityKey(key)) == null;
  }

  CompletableFuture<Void> reserve(List<Key> complete) {
    return ids.reserve(
        complete.stream()
            .filter(key -> key.last().name() == null)
            .map(key -> key.last().id())
            .toList());
  }
}
