package dev.kindstead.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One change that a client asks for.
 *
 * @param key the entity's key; incomplete only for an insert or upsert, which then gets an id
 * @param entity the entity to write, null for a delete; its key equals {@code key}
 * @param mask the properties to write; null writes all, empty none
 * @param transforms applied in order after the operation, whatever the mask
 */
public record Mutation(
    Operation operation,
    Key key,
    @Nullable Entity entity,
    Detection detection,
    Resolution resolution,
    @Nullable List<PropertyPath> mask,
    List<PropertyTransform> transforms) {

  public Mutation {
    Invariant.check(
        (operation == Operation.DELETE) == (entity == null), "only a delete has no entity");
    mask = mask == null ? null : List.copyOf(mask);
    transforms = List.copyOf(transforms);
  }

  /** Of the whole entity, whatever is stored. */
  public static Mutation plain(Operation operation, Key key, @Nullable Entity entity) {
    return new Mutation(operation, key, entity, NoDetection.NONE, Resolution.FAIL, null, List.of());
  }

  /** What is done with the entity. */
  public enum Operation {
    INSERT,
    UPDATE,
    UPSERT,
    DELETE
  }

  /** What happens to a mutation whose detection finds a conflict. */
  public enum Resolution {
    /** The stored entity stays, the commit succeeds, the result says conflict detected. */
    SERVER_VALUE,
    /** The whole commit fails. */
    FAIL
  }

  /** The stored state that the client expects; a conflict when it is another. */
  public sealed interface Detection {}

  public record NoDetection() implements Detection {
    public static final NoDetection NONE = new NoDetection();
  }

  /**
   * Expects the stored entity to have this version.
   *
   * @param version zero expects no stored entity
   */
  public record BaseVersion(long version) implements Detection {}

  /** Expects the stored entity's update time, in microseconds. */
  public record UpdateTime(long micros) implements Detection {}
}
