package dev.kindstead.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one mutation.
 *
 * @param key the completed key, only when the server allocated its id
 * @param version the entity's version after the commit (of a delete: the commit's timestamp)
 * @param createTime microseconds, zero for a delete
 * @param updateTime microseconds, zero for a delete
 * @param transformResults one value per transform, null values for the array transforms
 */
public record MutationResult(
    @Nullable Key key,
    long version,
    long createTime,
    long updateTime,
    boolean conflictDetected,
    List<Value> transformResults) {
  public MutationResult {
    transformResults = List.copyOf(transformResults);
  }
}
