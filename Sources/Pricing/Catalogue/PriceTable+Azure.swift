/// Microsoft Azure, Linux, pay as you go. No current table of Azure's spot prices carries a date, so there are none. Columns as in ``PriceSection/rows``.
extension PriceTable {
    static let azure = PriceSection(
        provider: "azure", market: .hyperscale,
        source: "Azure/karpenter-provider-azure (Apache-2.0)",
        observed: "2026-06-18",
        rows: """
            Standard_NC4as_T4_v3      eastus     1 T4         4   28  0.526 -
            Standard_NC16as_T4_v3     eastus     1 T4        16  110  1.204 -
            Standard_NC64as_T4_v3     eastus     4 T4        64  440  4.352 -
            Standard_NC24ads_A100_v4  eastus     1 A100-80GB 24  220  3.673 -
            Standard_NC48ads_A100_v4  eastus     2 A100-80GB 48  440  7.346 -
            Standard_NC96ads_A100_v4  eastus     4 A100-80GB 96  880 14.692 -
            Standard_NC40ads_H100_v5  eastus     1 H100-NVL  40  320   6.98 -
            Standard_NC80adis_H100_v5 eastus     2 H100-NVL  80  640  13.96 -
            Standard_ND96asr_v4       eastus     8 A100-40GB 96  900 27.197 -
            Standard_ND96amsr_A100_v4 eastus     8 A100-80GB 96 1900  32.77 -
            Standard_ND96isr_H100_v5  eastus     8 H100-SXM  96 1900  98.32 -
            Standard_NV36ads_A10_v5   eastus     1 A10       36  440    3.2 -
            Standard_NC6s_v3          eastus     1 V100       6  112   3.06 -
            Standard_D4s_v5           eastus     0 -          4   16  0.192 -
            Standard_D8s_v5           eastus     0 -          8   32  0.384 -
            Standard_D16s_v5          eastus     0 -         16   64  0.768 -
            Standard_D32s_v5          eastus     0 -         32  128  1.536 -
            Standard_D64s_v5          eastus     0 -         64  256  3.072 -
            Standard_D96s_v5          eastus     0 -         96  384  4.608 -
            Standard_D8s_v6           eastus     0 -          8   32  0.403 -
            Standard_D32s_v6          eastus     0 -         32  128  1.613 -
            Standard_D32ps_v6         eastus     0 -         32  128  1.123 -
            Standard_F4s_v2           eastus     0 -          4    8  0.169 -
            Standard_F8s_v2           eastus     0 -          8   16  0.338 -
            Standard_F16s_v2          eastus     0 -         16   32  0.677 -
            Standard_F32s_v2          eastus     0 -         32   64  1.353 -
            Standard_F72s_v2          eastus     0 -         72  144  3.045 -
            Standard_ND96isr_H200_v5  eastus2    8 H200      96 1850   84.8 -
            Standard_NC4as_T4_v3      westeurope 1 T4         4   28  0.658 -
            Standard_NC24ads_A100_v4  westeurope 1 A100-80GB 24  220  4.775 -
            Standard_NC40ads_H100_v5  westeurope 1 H100-NVL  40  320   9.08 -
            Standard_ND96amsr_A100_v4 westeurope 8 A100-80GB 96 1900 40.962 -
            Standard_D32s_v5          westeurope 0 -         32  128   1.84 -
            Standard_F32s_v2          westeurope 0 -         32   64  1.552 -
            Standard_NC24ads_A100_v4  westus3    1 A100-80GB 24  220  3.673 -
            Standard_NC40ads_H100_v5  westus3    1 H100-NVL  40  320   6.98 -
            Standard_ND96isr_H100_v5  westus3    8 H100-SXM  96 1900  98.32 -
            Standard_NC4as_T4_v3      japaneast  1 T4         4   28   0.71 -
            Standard_NC24ads_A100_v4  japaneast  1 A100-80GB 24  220  5.326 -
            Standard_NC40ads_H100_v5  japaneast  1 H100-NVL  40  320 10.121 -
            """)
}
