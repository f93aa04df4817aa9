package io.dropblock.spark.analyze;

import io.dropblock.nn.DropBlockSites;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;

/** What share of their elements sites kept, and were expected to, over many images. */
public final class KeptShares implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Map<String, double[]> sums = new LinkedHashMap<>();
  private long images;

  /** Adds what the sites did in the last forward pass, of so many images. */
  void add(DropBlockSites sites, int batch) {
    images += batch;
    Map<String, Double> expected = sites.expectedFractions();
    sites
        .keptFractions()
        .forEach((site, kept) -> add(site, kept * batch, expected.get(site) * batch));
  }

  private void add(String site, double kept, double expected) {
    double[] sum = sums.computeIfAbsent(site, name -> new double[2]);
    sum[0] += kept;
    sum[1] += expected;
  }

  /** Adds what another one holds. Returns this. */
  KeptShares merge(KeptShares other) {
    images += other.images;
    other.sums.forEach((site, sum) -> add(site, sum[0], sum[1]));
    return this;
  }

  /** Realised share of kept elements of each site; empty where nothing dropped. */
  public Map<String, Double> realised() {
    return shares(0);
  }

  /** The exact expectation of the same. */
  public Map<String, Double> expected() {
    return shares(1);
  }

  /** The mean over the sites; 1 where nothing dropped. */
  public double meanRealised() {
    return mean(realised());
  }

  /** The mean over the sites; 1 where nothing dropped. */
  public double meanExpected() {
    return mean(expected());
  }

  private Map<String, Double> shares(int of) {
    Map<String, Double> shares = new LinkedHashMap<>();
    sums.forEach((site, sum) -> shares.put(site, sum[of] / images));
    return shares;
  }

  private static double mean(Map<String, Double> shares) {
    return shares.values().stream().mapToDouble(Double::doubleValue).average().orElse(1);
  }
}
