package dev.kindstead.transaction;

import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.model.Entity;
import dev.kindstead.storage.EntityRow;
import org.jspecify.annotations.Nullable;

/** A stored version and what it decodes to, decoded when first asked. Confined to one thread. */
final class StoredEntity {
  private final EntityRow row;
  private @Nullable Entity entity;

  StoredEntity(EntityRow row) {
    this.row = row;
  }

  /** A version that was just evaluated: the base of a later mutation in the same commit. */
  StoredEntity(EntityRow row, Entity entity) {
    this.row = row;
    this.entity = entity;
  }

  EntityRow row() {
    return row;
  }

  Entity entity() {
    Entity decoded = entity;
    if (decoded == null) {
      decoded = EntityEncoding.decode(row.entity());
      entity = decoded;
    }
    return decoded;
  }
}
