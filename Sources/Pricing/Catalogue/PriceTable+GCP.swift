/// Google Cloud, machine and accelerators as one price. Columns as in ``PriceSection/rows``.
extension PriceTable {
    static let gcp = PriceSection(
        provider: "gcp", market: .hyperscale,
        source: "Cyclenerd/google-cloud-pricing-cost-calculator (Apache-2.0)",
        observed: "2026-07-30",
        rows: """
            a2-highgpu-1g   us-central1      1 A100-40GB     12   85   3.673385   1.92802
            a2-highgpu-2g   us-central1      2 A100-40GB     24  170    7.34677   3.85604
            a2-highgpu-4g   us-central1      4 A100-40GB     48  340   14.69354   7.71208
            a2-highgpu-8g   us-central1      8 A100-40GB     96  680   29.38708  15.42416
            a2-megagpu-16g  us-central1     16 A100-40GB     96 1360  55.739504  29.25568
            a2-ultragpu-1g  us-central1      1 A100-80GB     12  170   5.068798  2.759546
            a2-ultragpu-2g  us-central1      2 A100-80GB     24  340  10.137596  5.519093
            a2-ultragpu-4g  us-central1      4 A100-80GB     48  680  20.275192 11.038185
            a2-ultragpu-8g  us-central1      8 A100-80GB     96 1360  40.550383  22.07637
            a3-highgpu-1g   us-central1      1 H100-SXM      26  234   11.06125  6.326193
            a3-highgpu-2g   us-central1      2 H100-SXM      52  468    22.1225 12.652385
            a3-highgpu-4g   us-central1      4 H100-SXM     104  936     44.245  25.30477
            a3-highgpu-8g   us-central1      8 H100-SXM     208 1872      88.49 50.609541
            g2-standard-4   us-central1      1 L4             4   16   0.706832  0.397336
            g2-standard-8   us-central1      1 L4             8   32   0.853624  0.479872
            g2-standard-12  us-central1      1 L4            12   48   1.000416  0.562408
            g2-standard-24  us-central1      2 L4            24   96   2.000833  1.124816
            g2-standard-48  us-central1      4 L4            48  192   4.001665  2.249632
            g2-standard-96  us-central1      8 L4            96  384    8.00333  4.499264
            g4-standard-48  us-central1      1 RTX-PRO-6000  48  180    4.49993   1.79982
            g4-standard-96  us-central1      2 RTX-PRO-6000  96  360    8.99986   3.59964
            g4-standard-384 us-central1      8 RTX-PRO-6000 384 1440   35.99944  14.39856
            c3-standard-4   us-central1      0 -              4   16   0.201608    0.0494
            c3-standard-8   us-central1      0 -              8   32   0.403216    0.0988
            c3-standard-44  us-central1      0 -             44  176   2.217688    0.5434
            c3-standard-176 us-central1      0 -            176  704   8.870752    2.1736
            c3-highcpu-44   us-central1      0 -             44   88   1.871144   0.45848
            c4-standard-8   us-central1      0 -              8   30    0.39534   0.23721
            c4-standard-32  us-central1      0 -             32  120    1.58136   0.94884
            c4-standard-96  us-central1      0 -             96  360    4.74408   2.84652
            c4-highcpu-32   us-central1      0 -             32   64   1.360832  0.816512
            n2-standard-8   us-central1      0 -              8   32   0.388472   0.18424
            n2-standard-32  us-central1      0 -             32  128   1.553888   0.73696
            n2-standard-96  us-central1      0 -             96  384   4.661664   2.21088
            c4a-standard-32 us-central1      0 -             32  128     1.4368  0.621056
            a2-highgpu-1g   us-east4         1 A100-40GB     12   85   3.934355  2.360575
            a2-ultragpu-1g  us-east4         1 A100-80GB     12  170   5.707732  2.367253
            a3-highgpu-8g   us-east4         8 H100-SXM     208 1872  88.555756 36.320837
            a3-megagpu-8g   us-east4         8 H100-SXM     208 1872  92.937588 23.275237
            g2-standard-4   us-east4         1 L4             4   16   0.704518  0.310596
            a2-highgpu-1g   europe-west4     1 A100-40GB     12   85   3.747972  1.692835
            a2-ultragpu-1g  europe-west4     1 A100-80GB     12  170   5.580918  2.945207
            a2-ultragpu-8g  europe-west4     8 A100-80GB     96 1360  44.647348 23.561654
            a3-highgpu-8g   europe-west4     8 H100-SXM     208 1872 112.540479 44.118779
            a3-megagpu-8g   europe-west4     8 H100-SXM     208 1872 118.236831 46.243579
            g2-standard-4   europe-west4     1 L4             4   16   0.742916   0.38986
            g2-standard-48  europe-west4     4 L4            48  192    4.20595   2.20712
            g4-standard-48  europe-west4     1 RTX-PRO-6000  48  180   4.949923      1.98
            c3-standard-44  europe-west4     0 -             44  176   2.328572  0.983136
            c4-standard-32  europe-west4     0 -             32  120   1.660428    0.5992
            a2-highgpu-1g   asia-southeast1  1 A100-40GB     12   85   4.013758   2.40826
            a2-ultragpu-1g  asia-southeast1  1 A100-80GB     12  170   6.247685  3.248728
            a3-highgpu-8g   asia-southeast1  8 H100-SXM     208 1872 114.278293 51.218665
            g2-standard-4   asia-southeast1  1 L4             4   16   0.872019  0.523272
            """)

    static let gcpNewest = PriceSection(
        provider: "gcp", market: .hyperscale,
        source: "skypilot-org/skypilot-catalog v9, machine + accelerator rows",
        observed: "2026 (undated)",
        rows: """
            a3-ultragpu-8g us-central1     8 H200 224 2952 86.75992 47.65752
            a3-ultragpu-8g us-east4        8 H200 224 2952 86.75992 40.48541
            a3-ultragpu-8g us-west1        8 H200 224 2952 86.75992 47.65752
            a4-highgpu-8g  asia-southeast1 8 B200 224 3968  154.656  39.2168
            """)
}
