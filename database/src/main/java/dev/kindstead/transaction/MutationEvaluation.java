package dev.kindstead.transaction;

import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.encoding.EntityLimits;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Invariant;
import dev.kindstead.model.Mutation;
import dev.kindstead.model.Mutation.BaseVersion;
import dev.kindstead.model.Mutation.NoDetection;
import dev.kindstead.model.Mutation.Operation;
import dev.kindstead.model.Mutation.Resolution;
import dev.kindstead.model.Mutation.UpdateTime;
import dev.kindstead.model.PropertyMask;
import dev.kindstead.model.PropertyPath;
import dev.kindstead.model.PropertyTransform;
import dev.kindstead.model.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one mutation makes of one stored entity: conflict detection, the operation, its mask, its
 * transforms, in this order. Pure: the same mutation on the same version gives the same result,
 * whatever the commit's timestamp.
 *
 * <p>An upsert without mask and transforms, the common case, does not look at the stored entity.
 */
final class MutationEvaluation {
  private MutationEvaluation() {}

  /** What becomes of the stored entity. */
  sealed interface Evaluated {}

  /**
   * @param bytes the entity as it is to be stored
   * @param transformResults one value per transform
   */
  record Write(Entity entity, byte[] bytes, List<Value> transformResults) implements Evaluated {}

  /** The stored entity, which exists, goes. */
  record Delete() implements Evaluated {}

  /**
   * The stored state stays as it is.
   *
   * @param conflictDetected false for a delete of what is not there
   */
  record Unchanged(boolean conflictDetected) implements Evaluated {}

  /**
   * Evaluates a mutation whose key is complete.
   *
   * @param current null when there is no stored entity
   * @param requestTime microseconds, the same for all mutations of a commit; transforms get it
   *     truncated to milliseconds
   * @throws DatastoreException ALREADY_EXISTS, NOT_FOUND, FAILED_PRECONDITION (a conflict with
   *     {@link Resolution#FAIL}), INVALID_ARGUMENT (the result exceeds a limit)
   */
  static Evaluated evaluate(Mutation mutation, @Nullable StoredEntity current, long requestTime) {
    if (conflicts(mutation, current)) {
      return new Unchanged(true);
    }
    return switch (mutation.operation()) {
      case INSERT -> {
        if (current != null) {
          throw new DatastoreException(Code.ALREADY_EXISTS, "entity already exists");
        }
        yield write(mutation, null, requestTime);
      }
      case UPDATE -> {
        if (current == null) {
          throw new DatastoreException(Code.NOT_FOUND, "no entity to update");
        }
        yield write(mutation, current, requestTime);
      }
      case UPSERT -> write(mutation, current, requestTime);
      case DELETE -> current == null ? new Unchanged(false) : new Delete();
    };
  }

  private static boolean conflicts(Mutation mutation, @Nullable StoredEntity current) {
    // A version is the update time of the stored entity; none has version zero.
    long stored = current == null ? 0 : current.row().updateTime();
    long required =
        switch (mutation.detection()) {
          case NoDetection _ -> stored;
          case BaseVersion base -> base.version();
          case UpdateTime time -> time.micros();
        };
    if (stored == required) {
      return false;
    }
    if (mutation.resolution() == Resolution.FAIL) {
      throw DatastoreException.failedPrecondition(
          "the stored version (%d) does not match the required base version (%d)"
              .formatted(stored, required));
    }
    return true;
  }

  private static Write write(Mutation mutation, @Nullable StoredEntity current, long requestTime) {
    Entity entity = mutation.entity();
    if (entity == null) {
      throw Invariant.broken("only a %s has no entity".formatted(Operation.DELETE));
    }
    List<PropertyPath> mask = mutation.mask();
    List<PropertyTransform> transforms = mutation.transforms();
    if (mask == null && transforms.isEmpty()) {
      return new Write(entity, EntityEncoding.encode(entity), List.of());
    }
    if (mask != null) {
      Entity base = current == null ? null : current.entity();
      entity = PropertyMask.of(mask).replace(base, entity);
    }
    List<Value> results = List.of();
    if (!transforms.isEmpty()) {
      Transformation transformation = new Transformation(entity, requestTime);
      transforms.forEach(transformation::apply);
      entity = transformation.entity();
      results = transformation.results();
    }
    return new Write(entity, encodeWithinLimits(entity), results);
  }

  /** The front door has checked what the client sent, but not what it is merged with. */
  private static byte[] encodeWithinLimits(Entity entity) {
    if (EntityLimits.nestingDepth(entity) > EntityLimits.NESTING_DEPTH_MAX) {
      throw DatastoreException.invalidArgument(
          "entity values are nested deeper than %d".formatted(EntityLimits.NESTING_DEPTH_MAX));
    }
    byte[] bytes = EntityEncoding.encode(entity);
    if (bytes.length > EntityLimits.ENTITY_BYTES_MAX) {
      throw DatastoreException.invalidArgument(
          "maximum entity size is %d bytes".formatted(EntityLimits.ENTITY_BYTES_MAX));
    }
    return bytes;
  }
}
