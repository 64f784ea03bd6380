package io.mendline.processors.pipeline;

import io.mendline.schemas.Resource;
import io.mendline.schemas.ResourceType;

/**
 * The resource a signal speaks of.
 *
 * @param type what kind of thing it is
 * @param id its id, unique within its type; a job's id is {@code <workspace id>/<job id>}
 * @param name a name for people; null where the source gives none
 * @param workspace the workspace it belongs to; null where it has none
 * @param tenant the tenant; null where the source gives none
 */
public record Subject(ResourceType type, String id, String name, String workspace, String tenant) {

  /** The same resource in the words of the contract. */
  public Resource toResource() {
    return Resource.newBuilder()
        .setType(type)
        .setId(id)
        .setName(name)
        .setWorkspace(workspace)
        .setTenant(tenant)
        .build();
  }

  /** The type of this name; {@code UNKNOWN} where there is none, or none was given. */
  public static ResourceType type(String name) {
    for (ResourceType type : ResourceType.values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    return ResourceType.UNKNOWN;
  }
}
