/// Amazon Web Services, Linux. Columns as in ``PriceSection/rows``.
extension PriceTable {
    static let awsWithSpot = PriceSection(
        provider: "aws", market: .hyperscale,
        source: "aws/karpenter-provider-aws (Apache-2.0); spot: median zone of skypilot-catalog v9, 2026 (undated)",
        observed: "2026-07-20",
        rows: """
            g4dn.xlarge      us-east-1 1 T4          4   16     0.526   0.202
            g5.xlarge        us-east-1 1 A10G        4   16     1.006  0.4213
            g5.12xlarge      us-east-1 4 A10G       48  192     5.672  2.1892
            g5.48xlarge      us-east-1 8 A10G      192  768    16.288  5.8923
            g6.xlarge        us-east-1 1 L4          4   16    0.8048  0.3659
            g6.12xlarge      us-east-1 4 L4         48  192    4.6016   1.951
            g6.48xlarge      us-east-1 8 L4        192  768   13.3504  4.9032
            g6e.xlarge       us-east-1 1 L40S        4   32     1.861   0.914
            g6e.12xlarge     us-east-1 4 L40S       48  384  10.49264  5.1378
            g6e.48xlarge     us-east-1 8 L40S      192 1536  30.13118 10.4904
            p4d.24xlarge     us-east-1 8 A100-40GB  96 1152 21.957642  7.6435
            p4de.24xlarge    us-east-1 8 A100-80GB  96 1152  27.44705  8.4114
            p5.48xlarge      us-east-1 8 H100-SXM  192 2048     55.04  19.197
            p5en.48xlarge    us-east-1 8 H200      192 2048    63.296 17.2029
            p6-b200.48xlarge us-east-1 8 B200      192 2048  113.9328 13.5724
            c7a.8xlarge      us-east-1 0 -          32   64   1.64224  0.7289
            c7i.8xlarge      us-east-1 0 -          32   64     1.428  0.5686
            c8g.8xlarge      us-east-1 0 -          32   64   1.27616  0.5643
            m7i.8xlarge      us-east-1 0 -          32  128    1.6128  0.8582
            """)

    static let awsOnDemand = PriceSection(
        provider: "aws", market: .hyperscale,
        source: "aws/karpenter-provider-aws (Apache-2.0)",
        observed: "2026-07-20",
        rows: """
            g4dn.2xlarge  us-east-1 1 T4         8  32   0.752 -
            g4dn.12xlarge us-east-1 4 T4        48 192   3.912 -
            g4dn.metal    us-east-1 8 T4        96 384   7.824 -
            g5.2xlarge    us-east-1 1 A10G       8  32   1.212 -
            g5.4xlarge    us-east-1 1 A10G      16  64   1.624 -
            g6.2xlarge    us-east-1 1 L4         8  32  0.9776 -
            g6.4xlarge    us-east-1 1 L4        16  64  1.3232 -
            g6.8xlarge    us-east-1 1 L4        32 128  2.0144 -
            g6.24xlarge   us-east-1 4 L4        96 384  6.6752 -
            g6e.2xlarge   us-east-1 1 L40S       8  64 2.24208 -
            g6e.4xlarge   us-east-1 1 L40S      16 128 3.00424 -
            g6e.8xlarge   us-east-1 1 L40S      32 256 4.52856 -
            p3.2xlarge    us-east-1 1 V100       8  61    3.06 -
            p3.16xlarge   us-east-1 8 V100      64 488   24.48 -
            p5.4xlarge    us-east-1 1 H100-SXM  16 256    6.88 -
            c7a.xlarge    us-east-1 0 -          4   8 0.20528 -
            c7a.4xlarge   us-east-1 0 -         16  32 0.82112 -
            c7a.16xlarge  us-east-1 0 -         64 128 3.28448 -
            c7a.48xlarge  us-east-1 0 -        192 384 9.85344 -
            c7i.xlarge    us-east-1 0 -          4   8  0.1785 -
            c7i.4xlarge   us-east-1 0 -         16  32   0.714 -
            c7i.16xlarge  us-east-1 0 -         64 128   2.856 -
            c7i.48xlarge  us-east-1 0 -        192 384   8.568 -
            c8g.xlarge    us-east-1 0 -          4   8 0.15952 -
            c8g.4xlarge   us-east-1 0 -         16  32 0.63808 -
            c8g.16xlarge  us-east-1 0 -         64 128 2.55232 -
            c8g.48xlarge  us-east-1 0 -        192 384 7.65696 -
            m7i.xlarge    us-east-1 0 -          4  16  0.2016 -
            m7i.4xlarge   us-east-1 0 -         16  64  0.8064 -
            m7i.16xlarge  us-east-1 0 -         64 256  3.2256 -
            m7i.48xlarge  us-east-1 0 -        192 768  9.6768 -
            """)

    static let awsOtherRegions = PriceSection(
        provider: "aws", market: .hyperscale,
        source: "skypilot-org/skypilot-catalog v9; spot: median zone",
        observed: "2026 (undated)",
        rows: """
            g4dn.xlarge   us-west-2      1 T4          4   16    0.526  0.2401
            g5.xlarge     us-west-2      1 A10G        4   16    1.006  0.4818
            g6.xlarge     us-west-2      1 L4          4   16   0.8048  0.4093
            g6e.xlarge    us-west-2      1 L40S        4   32    1.861  0.7124
            g6e.12xlarge  us-west-2      4 L40S       48  384 10.49264  3.9278
            p4d.24xlarge  us-west-2      8 A100-40GB  96 1152 21.95764  8.1481
            p5.48xlarge   us-west-2      8 H100-SXM  192 2048    55.04 13.5302
            p5en.48xlarge us-west-2      8 H200      192 2048   63.296 17.6715
            c7i.8xlarge   us-west-2      0 -          32   64    1.428  0.5854
            g5.xlarge     eu-central-1   1 A10G        4   16    1.258  0.6012
            g6.xlarge     eu-central-1   1 L4          4   16   1.0064  0.4367
            g6e.xlarge    eu-central-1   1 L40S        4   32    2.327  1.3622
            g6e.48xlarge  eu-central-1   8 L40S      192 1536 37.67612 14.8822
            p4de.24xlarge eu-central-1   8 A100-80GB  96 1152 34.29122  8.1535
            m7i.8xlarge   eu-central-1   0 -          32  128    1.932  0.9553
            g5.xlarge     ap-northeast-1 1 A10G        4   16    1.459  0.6565
            g6e.12xlarge  ap-northeast-1 4 L40S       48  384 15.21742   4.324
            p5.48xlarge   ap-northeast-1 8 H100-SXM  192 2048     68.8 24.2602
            """)
}
