package dev.kindstead.transaction;

import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.model.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** AllocateIds and ReserveIds. Thread-safe. */
final class KeyAllocation {
  private final Reads reads;
  private final CommitRouting routing;
  private final IdAllocator ids;

  KeyAllocation(Reads reads, CommitRouting routing, IdAllocator ids) {
    this.reads = reads;
    this.routing = routing;
    this.ids = ids;
  }

  CompletableFuture<List<Key>> allocate(List<Key> incomplete) {
    return complete(incomplete, new ArrayList<>());
  }

  private CompletableFuture<List<Key>> complete(List<Key> incomplete, List<Key> complete) {
    List<Key> rest = incomplete.subList(complete.size(), incomplete.size());
    if (rest.isEmpty()) {
      return CompletableFuture.completedFuture(List.copyOf(complete));
    }
    return draw(rest, new ArrayList<>())
        .thenCompose(drawn ->
            reads
                .ofKeys(drawn)
                .thenCompose(session -> {
                  try (session) {
                    complete.addAll(freeOnesBefore(session, drawn));
                  }
                  return complete(incomplete, complete);
                }));
  }

  private CompletableFuture<List<Key>> draw(List<Key> incomplete, List<Key> drawn) {
    while (drawn.size() < incomplete.size()) {
      long id = ids.tryNext();
      if (id == 0) {
        return ids.refill().thenCompose(_ -> draw(incomplete, drawn));
      }
      drawn.add(incomplete.get(drawn.size()).withId(id));
    }
    return CompletableFuture.completedFuture(drawn);
  }

  /** All up to the first that is taken. */
  private List<Key> freeOnesBefore(ReadSession session, List<Key> drawn) {
    int free = 0;
    while (free < drawn.size() && isFree(session, drawn.get(free))) {
      free++;
    }
    return drawn.subList(0, free);
  }

  /** A client may have chosen the id by itself. */
  private boolean isFree(ReadSession session, Key key) {
    return session.shard(routing.shardOf(key)).entity(KeyEncoding.entityKey(key)) == null;
  }

  CompletableFuture<Void> reserve(List<Key> complete) {
    return ids.reserve(
        complete.stream()
            .filter(key -> key.last().name() == null)
            .map(key -> key.last().id())
            .toList());
  }
}
