package dev.kindstead.protocol;

import static dev.kindstead.model.DatastoreException.invalidArgument;

import com.google.datastore.v1.CommitRequest.TransactionSelectorCase;
import com.google.datastore.v1.Mutation.ConflictResolutionStrategy;
import com.google.datastore.v1.TransactionOptions.ModeCase;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.Mutation;
import dev.kindstead.model.Mutation.Operation;
import dev.kindstead.model.PropertyPath;
import dev.kindstead.model.PropertyTransform;
import dev.kindstead.transaction.CommitRequest;
import dev.kindstead.transaction.TransactionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a Commit: its mode, its mutations and the rules between them. Immutable. */
final class CommitReader {
  private final RequestScope scope;
  private final Limits limits;
  private final KeyReader keys;
  private final EntityReader entities;
  private final TransformReader transforms;

  CommitReader(RequestScope scope) {
    this.scope = scope;
    this.limits = scope.limits();
    this.keys = new KeyReader(scope);
    this.entities = new EntityReader(keys, limits);
    this.transforms = new TransformReader(entities, limits);
  }

  /**
   * @param deadline by System.nanoTime
   */
  CommitRequest read(com.google.datastore.v1.CommitRequest sent, long deadline) {
    boolean transactional = isTransactional(sent);
    TransactionId transaction =
        sent.hasTransaction() ? ReadModes.transaction(sent.getTransaction()) : null;
    if (sent.getMutationsCount() > limits.mutationsMax()) {
      throw invalidArgument(
          "cannot write more than " + limits.mutationsMax() + " entities in a single call");
    }
    var mutations = new ArrayList<Mutation>(sent.getMutationsCount());
    for (var mutation : sent.getMutationsList()) {
      mutations.add(mutation(mutation));
    }
    if (mutations.size() > 1) {
      checkCombinations(mutations, transactional);
    }
    return new CommitRequest(scope.databaseId(), transaction, transactional, mutations, deadline);
  }

  private static boolean isTransactional(com.google.datastore.v1.CommitRequest sent) {
    var selector = sent.getTransactionSelectorCase();
    return switch (sent.getMode()) {
      case MODE_UNSPECIFIED, TRANSACTIONAL -> {
        if (selector == TransactionSelectorCase.TRANSACTIONSELECTOR_NOT_SET) {
          throw invalidArgument("transactional commit requires a transaction");
        }
        if (selector == TransactionSelectorCase.SINGLE_USE_TRANSACTION
            && sent.getSingleUseTransaction().getModeCase() == ModeCase.READ_ONLY) {
          throw invalidArgument("single_use_transaction in a commit request must be READ_WRITE.");
        }
        yield true;
      }
      case NON_TRANSACTIONAL -> {
        if (selector != TransactionSelectorCase.TRANSACTIONSELECTOR_NOT_SET) {
          throw invalidArgument("non-transaction commit cannot specify a transaction");
        }
        yield false;
      }
      case UNRECOGNIZED -> throw invalidArgument("Unknown commit mode: " + sent.getModeValue());
    };
  }

  private Mutation mutation(com.google.datastore.v1.Mutation sent) {
    return switch (sent.getOperationCase()) {
      case INSERT -> write(Operation.INSERT, sent, sent.getInsert(), KeyReader.Purpose.CREATE);
      case UPDATE -> write(Operation.UPDATE, sent, sent.getUpdate(), KeyReader.Purpose.WRITE);
      case UPSERT -> write(Operation.UPSERT, sent, sent.getUpsert(), KeyReader.Purpose.CREATE);
      case DELETE -> {
        if (sent.getPropertyTransformsCount() > 0) {
          throw invalidArgument("A delete cannot have property transforms.");
        }
        Key key = keys.read(sent.getDelete(), KeyReader.Purpose.WRITE);
        yield of(Operation.DELETE, key, null, sent, null);
      }
      case OPERATION_NOT_SET -> throw invalidArgument("Mutation is missing operation.");
    };
  }

  private Mutation write(
      Operation operation,
      com.google.datastore.v1.Mutation sent,
      com.google.datastore.v1.Entity entity,
      KeyReader.Purpose purpose) {
    if (!entity.hasKey()) {
      throw invalidArgument("Entity is missing key.");
    }
    Key key = keys.read(entity.getKey(), purpose);
    if (entity.getSerializedSize() > limits.entityBytesMax()) {
      throw invalidArgument("maximum entity size is " + limits.entityBytesMax() + " bytes");
    }
    List<PropertyPath> mask =
        sent.hasPropertyMask() ? PropertyPaths.read(sent.getPropertyMask(), false, limits) : null;
    return of(operation, key, entities.read(key, entity), sent, mask);
  }

  private Mutation of(
      Operation operation,
      Key key,
      @Nullable Entity entity,
      com.google.datastore.v1.Mutation sent,
      @Nullable List<PropertyPath> mask) {
    List<PropertyTransform> changes =
        sent.getPropertyTransformsCount() == 0
            ? List.of()
            : transforms.read(sent.getPropertyTransformsList());
    return new Mutation(operation, key, entity, detection(sent), resolution(sent), mask, changes);
  }

  private static Mutation.Detection detection(com.google.datastore.v1.Mutation sent) {
    return switch (sent.getConflictDetectionStrategyCase()) {
      case BASE_VERSION -> new Mutation.BaseVersion(sent.getBaseVersion());
      case UPDATE_TIME -> new Mutation.UpdateTime(Times.micros(sent.getUpdateTime()));
      case CONFLICTDETECTIONSTRATEGY_NOT_SET -> Mutation.NoDetection.NONE;
    };
  }

  private static Mutation.Resolution resolution(com.google.datastore.v1.Mutation sent) {
    return sent.getConflictResolutionStrategy() == ConflictResolutionStrategy.FAIL
        ? Mutation.Resolution.FAIL
        : Mutation.Resolution.SERVER_VALUE;
  }

  /** In a request, what one mutation does to an entity may rule out the next one. */
  private static void checkCombinations(List<Mutation> mutations, boolean transactional) {
    Map<Key, Operation> previous = HashMap.newHashMap(mutations.size());
    for (Mutation mutation : mutations) {
      if (!mutation.key().isComplete()) {
        continue;
      }
      Operation next = mutation.operation();
      Operation before = previous.put(mutation.key(), next);
      if (before == null) {
        continue;
      }
      if (!transactional) {
        throw invalidArgument(
            "A non-transactional commit may not contain multiple mutations affecting the same"
                + " entity.");
      }
      boolean existsBefore = before != Operation.DELETE;
      if ((existsBefore && next == Operation.INSERT)
          || (!existsBefore && next == Operation.UPDATE)) {
        throw invalidArgument(
            "Cannot " + name(before) + " then " + name(next) + " an entity in the same request.");
      }
    }
  }

  private static String name(Operation operation) {
    return switch (operation) {
      case INSERT -> "insert";
      case UPDATE -> "update";
      case UPSERT -> "upsert";
      case DELETE -> "delete";
    };
  }
}
