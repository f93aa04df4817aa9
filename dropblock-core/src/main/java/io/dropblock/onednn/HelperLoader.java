package io.dropblock.onednn;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.deeplearning4j.config.DL4JClassLoading;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNBatchNormHelper;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNConvHelper;

/**
 * Gives our helpers to DL4J, whose layers load theirs by name with the class loader of {@link
 * DL4JClassLoading}: this one, which hands out an heir of ours under that name, and for everything
 * else asks the loader that was there before.
 *
 * <p>Classes of DL4J's names in our jar would do the same only where that jar comes first on the
 * class path.
 */
final class HelperLoader extends ClassLoader {
  private static final Map<String, Class<?>> OURS =
      Map.of(
          MKLDNNConvHelper.class.getName(), OneDnnConvolution.class,
          MKLDNNBatchNormHelper.class.getName(), OneDnnBatchNormalization.class);

  private HelperLoader(ClassLoader parent) {
    super(parent);
  }

  /** Does nothing the second time. */
  static synchronized void install() {
    if (!isInstalled()) {
      DL4JClassLoading.setDl4jClassloader(new HelperLoader(DL4JClassLoading.getDl4jClassloader()));
    }
  }

  static boolean isInstalled() {
    return DL4JClassLoading.getDl4jClassloader() instanceof HelperLoader;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    for (Class<?> ours : OURS.values()) {
      if (ours.getName().equals(name)) {
        return ours;
      }
    }
    Class<?> ours = OURS.get(name);
    if (ours == null) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      if (loaded == null) {
        byte[] code = heir(name, ours);
        loaded = defineClass(name, code, 0, code.length);
      }
      return loaded;
    }
  }

  /**
   * The class file of {@code public class NAME extends PARENT { public NAME(DataType type) {
   * super(type); } }}, after chapter 4 of the Java Virtual Machine Specification.
   */
  private static byte[] heir(String name, Class<?> parent) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeInt(0xCAFEBABE);
      out.writeInt(52); // Java 8
      out.writeShort(10); // constants 1 to 9
      text(out, name.replace('.', '/')); // 1
      entry(out, 7, 1); // 2, the class
      text(out, parent.getName().replace('.', '/')); // 3
      entry(out, 7, 3); // 4, its parent
      text(out, "<init>"); // 5
      text(out, "(Lorg/nd4j/linalg/api/buffer/DataType;)V"); // 6
      entry(out, 12, 5, 6); // 7
      entry(out, 10, 4, 7); // 8, the parent's constructor
      text(out, "Code"); // 9
      shorts(out, 0x21, 2, 4, 0, 0); // public super; no interfaces, no fields
      shorts(out, 1, 1, 5, 6, 1, 9); // one method, public, with code
      out.writeInt(18);
      shorts(out, 2, 2); // stack, locals
      out.writeInt(6);
      out.write(new byte[] {0x2a, 0x2b, (byte) 0xb7, 0, 8, (byte) 0xb1}); // super(type); return
      shorts(out, 0, 0, 0); // no handlers, no attributes of the code, none of the class
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    out.writeByte(1);
    out.writeUTF(text);
  }

  private static void entry(DataOutputStream out, int tag, int... constants) throws IOException {
    out.writeByte(tag);
    shorts(out, constants);
  }

  private static void shorts(DataOutputStream out, int... values) throws IOException {
    for (int value : values) {
      out.writeShort(value);
    }
  }
}
