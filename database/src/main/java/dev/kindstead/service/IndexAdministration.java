package dev.kindstead.service;

import dev.kindstead.index.IndexDefinition;
import dev.kindstead.index.IndexDefinition.IndexedProperty;
import dev.kindstead.index.IndexDefinition.Purpose;
import dev.kindstead.index.IndexRecord;
import dev.kindstead.index.IndexState;
import dev.kindstead.jobs.IndexJobs;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Names;
import dev.kindstead.transaction.IndexLogs;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;

/**
 * Creates, deletes and shows composite indexes, those of expiry included. Thread-safe; nothing here
 * blocks the caller.
 */
public final class IndexAdministration {
  /** Composite indexes in one database. */
  public static final int INDEXES_MAX = 1_000;

  /** Properties in one index. */
  public static final int PROPERTIES_MAX = 100;

  private final IndexLogs logs;
  private final IndexJobs jobs;

  /** Creations, one after the other, so that no two make the same index. */
  private CompletableFuture<?> last = CompletableFuture.completedFuture(null);

  public IndexAdministration(IndexLogs logs, IndexJobs jobs) {
    this.logs = logs;
    this.jobs = jobs;
  }

  /** An index and how far the work on it is. */
  public record Described(IndexRecord index, IndexJobs.Progress progress) {}

  /**
   * Begins to build an index; ends when that is on record.
   *
   * <p>ALREADY_EXISTS; INVALID_ARGUMENT; FAILED_PRECONDITION when there are {@link #INDEXES_MAX}.
   */
  public CompletableFuture<Described> create(
      DatabaseId database, String kind, boolean ancestor, List<IndexedProperty> properties) {
    try {
      check(kind, ancestor, properties);
    } catch (DatastoreException invalid) {
      return CompletableFuture.failedFuture(invalid);
    }
    return create(now -> new IndexDefinition(now, database, kind, ancestor, properties));
  }

  /**
   * Begins to let entities of a kind expire at the timestamp in a property; ends when that is on
   * record. ALREADY_EXISTS, INVALID_ARGUMENT.
   */
  public CompletableFuture<Described> createExpiry(
      DatabaseId database, String kind, String property) {
    try {
      checkExpiry(kind, property);
    } catch (DatastoreException invalid) {
      return CompletableFuture.failedFuture(invalid);
    }
    return create(now -> IndexDefinition.ofExpiry(now, database, kind, property));
  }

  private synchronized CompletableFuture<Described> create(LongFunction<IndexDefinition> named) {
    CompletableFuture<Described> created =
        last.handle((_, _) -> null)
            .thenCompose(_ -> logs.newTimestamp())
            .thenCompose(now -> put(named.apply(now), now));
    last = created;
    return created;
  }

  private CompletableFuture<Described> put(IndexDefinition definition, long now) {
    int others = 0;
    for (IndexRecord each : logs.all()) {
      if (each.state() != IndexState.DELETING && each.definition().isAlike(definition)) {
        throw new DatastoreException(Code.ALREADY_EXISTS, "index already exists");
      }
      others += each.definition().database().equals(definition.database()) ? 1 : 0;
    }
    if (others >= INDEXES_MAX) {
      throw DatastoreException.failedPrecondition(
          "The database has %d composite indexes, which is the most.".formatted(INDEXES_MAX));
    }
    var index = new IndexRecord(definition, IndexState.CREATING, now, now, Bytes.EMPTY);
    return logs.put(index).thenApply(_ -> described(index));
  }

  private static void check(String kind, boolean ancestor, List<IndexedProperty> properties) {
    if (kind.isEmpty() || kind.startsWith("__")) {
      throw DatastoreException.invalidArgument(
          "The kind \"%s\" cannot be indexed.".formatted(kind));
    }
    if (properties.isEmpty() || properties.size() > PROPERTIES_MAX) {
      throw DatastoreException.invalidArgument(
          "An index has 1 to %d properties.".formatted(PROPERTIES_MAX));
    }
    for (int i = 0; i < properties.size(); i++) {
      String name = properties.get(i).name();
      if (name.isEmpty()) {
        throw DatastoreException.invalidArgument("A property of an index has no name.");
      }
      if (name.equals(IndexDefinition.KEY) && i < properties.size() - 1) {
        throw DatastoreException.invalidArgument(
            IndexDefinition.KEY + " can only be the last property of an index.");
      }
    }
    checkLengths(kind, properties.stream().map(IndexedProperty::name).toList());
    boolean byKeyAlone = properties.getFirst().name().equals(IndexDefinition.KEY);
    if (properties.size() == 1
        && !ancestor
        && !(byKeyAlone && properties.getFirst().descending())) {
      throw DatastoreException.invalidArgument(
          "An index of a single property exists already: every property has one.");
    }
  }

  private static void checkExpiry(String kind, String property) {
    if (kind.isEmpty() || kind.startsWith("__") || property.isEmpty()) {
      throw DatastoreException.invalidArgument(
          "Entities of the kind \"%s\" cannot expire by the property \"%s\"."
              .formatted(kind, property));
    }
    checkLengths(kind, List.of(property));
  }

  /** What is longer no entity can have. */
  private static void checkLengths(String kind, List<String> properties) {
    Names.checkKind(kind, true, Names.BYTES_MAX);
    properties.forEach(name -> Names.checkProperty(name, true, Names.BYTES_MAX));
  }

  /**
   * Begins to delete an index; from then on no query uses it.
   *
   * <p>NOT_FOUND; FAILED_PRECONDITION while it is being created or deleted.
   */
  public CompletableFuture<Described> delete(DatabaseId database, long id) {
    try {
      IndexRecord index = find(database, id);
      if (index.state() != IndexState.READY && index.state() != IndexState.ERROR) {
        throw DatastoreException.failedPrecondition(
            "index is %s: only a READY one, or one in ERROR, can be deleted"
                .formatted(index.state()));
      }
      return logs.newTimestamp()
          .thenCompose(now -> {
            IndexRecord deleting = index.in(IndexState.DELETING, now);
            return logs.put(deleting).thenApply(_ -> described(deleting));
          });
    } catch (DatastoreException refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }

  /** Whether the deletion of this index ended while this process ran. */
  public boolean isGone(long id) {
    return jobs.isGone(id);
  }

  /** NOT_FOUND. */
  public Described get(DatabaseId database, long id) {
    return described(find(database, id));
  }

  /** The indexes of one database for queries, the oldest first. */
  public List<Described> list(DatabaseId database) {
    return list(database, Purpose.QUERIES);
  }

  /** Those of expiry. */
  public List<Described> listExpiry(DatabaseId database) {
    return list(database, Purpose.EXPIRY);
  }

  private List<Described> list(DatabaseId database, Purpose purpose) {
    return logs.all().stream()
        .filter(each -> each.definition().database().equals(database))
        .filter(each -> each.definition().purpose() == purpose)
        .map(this::described)
        .toList();
  }

  private IndexRecord find(DatabaseId database, long id) {
    return logs.all().stream()
        .filter(each -> each.id() == id && each.definition().database().equals(database))
        .findAny()
        .orElseThrow(() -> new DatastoreException(Code.NOT_FOUND, "index not found"));
  }

  private Described described(IndexRecord index) {
    return new Described(index, jobs.progress(index.id()));
  }
}
