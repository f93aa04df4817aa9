import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.internal.KubernetesDeserializer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/**
 * Holds manifests against the API's schema, as the client's classes have it: kinds and versions that
 * there are, fields that there are, and values of their types. What the schema asks for and a
 * manifest leaves out is not seen.
 *
 * <p>Run from its source: {@code java -cp 'target/clusters/kubernetes/*' Manifests.java FILE...}.
 * Prints a line for each fault, and ends with 1 if there is one.
 */
final class Manifests {
  /** The client's classes take any field there is; here each must be one of theirs. */
  private static final ObjectMapper STRICT =
      new ObjectMapper()
          .setAnnotationIntrospector(
              new JacksonAnnotationIntrospector() {
                @Override
                public Boolean hasAnySetter(Annotated setter) {
                  return false;
                }
              })
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);

  private Manifests() {}

  public static void main(String[] files) throws IOException {
    boolean faulty = false;
    for (String file : files) {
      YAMLFactory yaml = new YAMLFactory();
      int documents = 0;
      Iterator<JsonNode> read =
          new ObjectMapper(yaml).readValues(yaml.createParser(Path.of(file).toFile()), JsonNode.class);
      while (read.hasNext()) {
        JsonNode document = read.next();
        documents++;
        String fault = fault(document);
        if (fault != null) {
          faulty = true;
          System.out.println(file + ": document " + documents + ": " + fault);
        }
      }
      if (documents == 0) {
        faulty = true;
        System.out.println(file + ": it holds nothing");
      }
    }
    System.exit(faulty ? 1 : 0);
  }

  private static String fault(JsonNode document) {
    String version = document.path("apiVersion").asText();
    String kind = document.path("kind").asText();
    Class<? extends KubernetesResource> type =
        new KubernetesDeserializer().getRegisteredKind(version, kind);
    if (type == null) {
      return "there is no kind '" + kind + "' of apiVersion '" + version + "'";
    }
    try {
      STRICT.treeToValue(document, type);
    } catch (UnrecognizedPropertyException e) {
      return "there is no field '" + e.getPropertyName() + "' at " + e.getPathReference();
    } catch (JsonProcessingException e) {
      return e.getOriginalMessage();
    }
    return quantities(document, List.of("cpu", "memory", "storage", "ephemeral-storage"));
  }

  private static String quantities(JsonNode document, List<String> names) {
    for (String name : names) {
      for (JsonNode value : document.findValues(name)) {
        if (value.isValueNode()) {
          try {
            Quantity.getAmountInBytes(Quantity.parse(value.asText()));
          } catch (RuntimeException e) {
            return name + " is no quantity: " + value.asText();
          }
        }
      }
    }
    return null;
  }
}
