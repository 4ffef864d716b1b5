/// Specialised clouds, brokers and marketplaces. Columns as in ``PriceSection/rows``.
extension PriceTable {
    static let vast = PriceSection(
        provider: "vast", market: .distributed,
        source: "tardellirs/gpu-pricing (MIT), from vast.ai/pricing",
        observed: "2026-05-24",
        rows: """
            1x-L40S       global 1 L40S      - -  0.4 0.28
            1x-L4         global 1 L4        - - 0.13    -
            1x-A40        global 1 A40       - - 0.41    -
            1x-A10        global 1 A10       - -  0.2    -
            1x-L40        global 1 L40       - - 0.58    -
            1x-RTX_3090   global 1 RTX-3090  - - 0.15 0.11
            1x-RTX_4090   global 1 RTX-4090  - - 0.31 0.29
            1x-RTX_5090   global 1 RTX-5090  - -  0.6    -
            1x-RTX_A6000  global 1 A6000     - - 0.39 0.25
            1x-A100_PCIE  global 1 A100-40GB - - 0.67    -
            1x-A100_SXM4  global 1 A100-80GB - -  0.6 0.47
            1x-H100_PCIE  global 1 H100-PCIe - - 1.97    -
            1x-H100_SXM   global 1 H100-SXM  - - 1.49  1.1
            1x-H100_NVL   global 1 H100-NVL  - - 1.69    -
            1x-H200       global 1 H200      - -  2.4    -
            1x-B200       global 1 B200      - -  4.4    -
            1x-Tesla_V100 global 1 V100      - - 0.15    -
            """)

    static let vastUnitedStates = PriceSection(
        provider: "vast", market: .distributed,
        source: "cherielilili/gpu-pricing-tracker, per-GPU median of the day × count; spot: median minimum bid",
        observed: "2026-06-04",
        rows: """
            1x-L40S      us 1 L40S      - -  1.2074  0.5333
            2x-L40S      us 2 L40S      - -  2.4074     1.6
            4x-L40S      us 4 L40S      - -  4.8076     3.2
            8x-L40S      us 8 L40S      - -  8.5408     6.4
            1x-RTX_4090  us 1 RTX-4090  - -  0.8704   0.612
            2x-RTX_4090  us 2 RTX-4090  - -   1.874   1.224
            4x-RTX_4090  us 4 RTX-4090  - -  3.7408  2.6668
            8x-RTX_4090  us 8 RTX-4090  - -  7.4744       -
            1x-A100_SXM4 us 1 A100-80GB - -   1.131  0.5648
            2x-A100_SXM4 us 2 A100-80GB - -  2.3748  1.3334
            4x-A100_SXM4 us 4 A100-80GB - -   4.948  2.6668
            8x-A100_SXM4 us 8 A100-80GB - - 10.4552  9.0664
            1x-H100_SXM  us 1 H100-SXM  - -  3.1089     2.4
            2x-H100_SXM  us 2 H100-SXM  - -  5.6022  5.0666
            4x-H100_SXM  us 4 H100-SXM  - - 11.2024 10.1332
            1x-H200      us 1 H200      - -  3.9496  3.2263
            2x-H200      us 2 H200      - -  7.9058  7.2264
            4x-H200      us 4 H200      - -  16.318 14.4528
            8x-H200      us 8 H200      - - 31.5888 28.9056
            1x-B200      us 1 B200      - -  6.2446  4.6875
            2x-B200      us 2 B200      - - 11.0098   9.375
            4x-B200      us 4 B200      - - 22.0096   18.75
            8x-B200      us 8 B200      - - 41.5096    37.5
            """)

    static let runpod = PriceSection(
        provider: "runpod", market: .distributed,
        source: "tardellirs/gpu-pricing (MIT), from www.runpod.io/pricing",
        observed: "2026-05-24",
        rows: """
            1x_L40S_COMMUNITY          global 1 L40S         16  94 0.79 -
            1x_A100-80GB_SECURE        global 1 A100-80GB     8 117 1.39 -
            1x_A100-80GB_COMMUNITY     global 1 A100-80GB     8 117 1.19 -
            1x_A100-80GB-SXM_SECURE    global 1 A100-80GB    16 125 1.49 -
            1x_A100-80GB-SXM_COMMUNITY global 1 A100-80GB    16 125 1.39 -
            1x_H100_SECURE             global 1 H100-PCIe    16 188 2.39 -
            1x_H100_COMMUNITY          global 1 H100-PCIe    16 188 1.99 -
            1x_H100-SXM_SECURE         global 1 H100-SXM     20 125 3.29 -
            1x_H100-SXM_COMMUNITY      global 1 H100-SXM     20 125 2.69 -
            1x_H100-NVL_SECURE         global 1 H100-NVL     16  94 2.79 -
            1x_H100-NVL_COMMUNITY      global 1 H100-NVL     16  94 2.59 -
            1x_H200-SXM_SECURE         global 1 H200         24 276 4.39 -
            1x_H200-SXM_COMMUNITY      global 1 H200         24 276 3.59 -
            1x_B200_SECURE             global 1 B200         28 283 5.89 -
            1x_B200_COMMUNITY          global 1 B200         28 283 5.89 -
            1x_RTX4090_SECURE          global 1 RTX-4090      6  41 0.69 -
            1x_RTX4090_COMMUNITY       global 1 RTX-4090      6  41 0.34 -
            1x_RTX5090_COMMUNITY       global 1 RTX-5090      9  35 0.69 -
            1x_RTX3090_COMMUNITY       global 1 RTX-3090     16 125 0.22 -
            1x_RTXA6000_COMMUNITY      global 1 A6000         9  50 0.33 -
            1x_A40_COMMUNITY           global 1 A40           9  50 0.35 -
            1x_L4_COMMUNITY            global 1 L4           12  50 0.44 -
            1x_L40_COMMUNITY           global 1 L40           8  94 0.69 -
            1x_RTX6000-Ada_COMMUNITY   global 1 RTX-6000-Ada 10 167 0.74 -
            1x_RTX-PRO-6000_COMMUNITY  global 1 RTX-PRO-6000 16 188 1.69 -
            1x_RTXA5000_COMMUNITY      global 1 A5000         9  25 0.16 -
            """)

    static let runpodMore = PriceSection(
        provider: "runpod", market: .distributed,
        source: "cherielilili/gpu-pricing-tracker, from the provider's own list",
        observed: "2026-07-20",
        rows: """
            1x_L40S_SECURE          global 1 L40S           -    -  0.99 -
            2x_L40S_SECURE          global 2 L40S           -    -  1.98 -
            4x_L40S_SECURE          global 4 L40S           -    -  3.96 -
            8x_L40S_SECURE          global 8 L40S           -    -  7.92 -
            2x_A100-80GB-SXM_SECURE global 2 A100-80GB     32    -  2.98 -
            4x_A100-80GB-SXM_SECURE global 4 A100-80GB     64    -  5.96 -
            8x_A100-80GB-SXM_SECURE global 8 A100-80GB    128    - 11.92 -
            2x_H100-SXM_SECURE      global 2 H100-SXM      40  250  5.98 -
            4x_H100-SXM_SECURE      global 4 H100-SXM      80  500 11.96 -
            8x_H100-SXM_SECURE      global 8 H100-SXM     160 1000 23.92 -
            2x_H200-SXM_SECURE      global 2 H200           -    -  8.78 -
            4x_H200-SXM_SECURE      global 4 H200           -    - 17.56 -
            8x_H200-SXM_SECURE      global 8 H200           -    - 35.12 -
            8x_B200_SECURE          global 8 B200         224 1440 47.12 -
            1x_MI300X_SECURE        global 1 MI300X         -    -  2.19 -
            8x_MI300X_SECURE        global 8 MI300X         -    - 17.52 -
            1x_RTX5090_SECURE       global 1 RTX-5090       -    -  0.99 -
            1x_RTX-PRO-6000_SECURE  global 1 RTX-PRO-6000   -    -  1.99 -
            """)

    static let runpodWithSpot = PriceSection(
        provider: "runpod", market: .distributed,
        source: "skypilot-org/skypilot-catalog v8",
        observed: "2026 (undated)",
        rows: """
            1x_A100-80GB_SECURE US 1 A100-80GB  8 117 1.64 0.82
            2x_A100-80GB_SECURE US 2 A100-80GB 16 234 3.28 1.64
            4x_A100-80GB_SECURE US 4 A100-80GB 32 468 6.56 3.28
            """)

    static let lambda = PriceSection(
        provider: "lambda", market: .distributed,
        source: "tardellirs/gpu-pricing (MIT), from lambda.ai/pricing",
        observed: "2026-05-24",
        rows: """
            gpu_1x_a10       global 1 A10       30 226 1.29 -
            gpu_1x_a6000     global 1 A6000     14 100 1.09 -
            gpu_1x_a100_sxm4 global 1 A100-40GB 30 220 1.99 -
            gpu_1x_gh200     global 1 GH200     64 432 2.29 -
            gpu_1x_h100_pcie global 1 H100-PCIe 26 225 3.29 -
            gpu_1x_h100_sxm5 global 1 H100-SXM  26 225 4.29 -
            gpu_1x_b200_sxm6 global 1 B200      26 360 6.99 -
            """)

    static let lambdaMore = PriceSection(
        provider: "lambda", market: .distributed,
        source: "skypilot-org/skypilot-catalog v9, one price in all regions",
        observed: "2026 (undated)",
        rows: """
            gpu_8x_a100_80gb_sxm4 global 8 A100-80GB 240 1800 22.32 -
            gpu_2x_h100_sxm5      global 2 H100-SXM   52  450  8.38 -
            gpu_4x_h100_sxm5      global 4 H100-SXM  104  900 16.36 -
            gpu_8x_h100_sxm5      global 8 H100-SXM  208 1800 31.92 -
            gpu_8x_b200_sxm6      global 8 B200      208 2900 53.52 -
            cpu_4x_general        global 0 -           4   16   0.2 -
            """)

    static let nebius = PriceSection(
        provider: "nebius", market: .distributed,
        source: "skypilot-org/skypilot-catalog v9",
        observed: "2026 (undated)",
        rows: """
            gpu-h100-sxm_1gpu-16vcpu-200gb   eu-north1   1 H100-SXM  16  200   2.95 1.25
            gpu-h100-sxm_8gpu-128vcpu-1600gb eu-north1   8 H100-SXM 128 1600   23.6   10
            gpu-h200-sxm_1gpu-16vcpu-200gb   eu-north1   1 H200      16  200    3.5 1.45
            gpu-h200-sxm_8gpu-128vcpu-1600gb eu-north1   8 H200     128 1600     28 11.6
            gpu-l40s-a_1gpu-8vcpu-32gb       eu-north1   1 L40S       8   32 1.5484    -
            gpu-l40s-d_4gpu-128vcpu-768gb    eu-north1   4 L40S     128  768 9.1376    -
            cpu-e2_8vcpu-32gb                eu-north1   0 -          8   32 0.1984    -
            cpu-d3_32vcpu-128gb              eu-north1   0 -         32  128 0.7936    -
            cpu-d3_96vcpu-384gb              eu-north1   0 -         96  384 2.3808    -
            gpu-b200-sxm_8gpu-160vcpu-1792gb us-central1 8 B200     160 1792     44 23.2
            """)

    static let verda = PriceSection(
        provider: "verda", market: .distributed,
        source: "tardellirs/gpu-pricing (MIT), from verda.com/products",
        observed: "2026-05-24",
        rows: """
            1V100.6V        global 1 V100         - - 0.14 0.05
            1x-A6000        global 1 A6000        - - 0.49 0.17
            1x-A100-40GB    global 1 A100-40GB    - - 0.72 0.25
            1RTX6000ADA.10V global 1 RTX-6000-Ada - - 0.83 0.29
            1x-L40S         global 1 L40S         - - 0.91 0.32
            1A100.22V       global 1 A100-80GB    - - 1.29 0.45
            1H100.80S.32V   global 1 H100-SXM     - - 2.29  0.8
            1RTXPRO6000.30V global 1 RTX-PRO-6000 - - 1.69 0.59
            1H200.141S.44V  global 1 H200         - - 3.39 1.19
            1B200.30V       global 1 B200         - - 4.89 1.71
            """)

    static let verdaCPU = PriceSection(
        provider: "verda", market: .distributed,
        source: "skypilot-org/skypilot-catalog v8",
        observed: "2026 (undated)",
        rows: """
            CPU.8V.32G    global 0 -           8  32 0.0558 0.0196
            CPU.32V.128G  global 0 -          32 128 0.2232 0.0784
            CPU.180V.720G global 0 -         180 720  1.256  0.441
            4A100.88V     global 4 A100-80GB  88 480   5.16      -
            """)

    static let tensordock = PriceSection(
        provider: "tensordock", market: .distributed,
        source: "tardellirs/gpu-pricing (MIT), from www.tensordock.com/cloud-gpus.html",
        observed: "2026-05-24",
        rows: """
            1x-rtx3090    global 1 RTX-3090     - -  0.2 -
            1x-rtx4090    global 1 RTX-4090     - - 0.35 -
            1x-a6000      global 1 A6000        - - 0.45 -
            1x-rtx6000ada global 1 RTX-6000-Ada - - 0.75 -
            1x-l40        global 1 L40          - - 0.95 -
            1x-a100-pcie  global 1 A100-80GB    - -  1.5 -
            1x-a100-sxm4  global 1 A100-80GB    - -  1.8 -
            1x-h100-sxm5  global 1 H100-SXM     - - 2.25 -
            1x-v100-sxm2  global 1 V100         - - 0.17 -
            """)

    static let akash = PriceSection(
        provider: "akash", market: .distributed,
        source: "tardellirs/gpu-pricing (MIT), from akash.network/pricing/gpus",
        observed: "2026-05-24",
        rows: """
            1x-t4           global 1 T4           - - 0.12 -
            1x-rtx3090      global 1 RTX-3090     - - 0.14 -
            1x-rtx4090      global 1 RTX-4090     - - 0.17 -
            1x-rtx5090      global 1 RTX-5090     - -  0.6 -
            1x-a100         global 1 A100-80GB    - - 1.08 -
            1x-h100         global 1 H100-SXM     - - 1.25 -
            1x-rtxpro6000se global 1 RTX-PRO-6000 - - 1.63 -
            1x-h200         global 1 H200         - -  2.9 -
            1x-b200         global 1 B200         - -    5 -
            """)

    static let salad = PriceSection(
        provider: "salad", market: .distributed,
        source: "tardellirs/gpu-pricing (MIT), from salad.com/pricing",
        observed: "2026-05-24",
        rows: """
            1x-rtx3090 global 1 RTX-3090 - - -  0.2
            1x-rtx4080 global 1 RTX-4080 - - - 0.22
            1x-rtx4090 global 1 RTX-4090 - - - 0.25
            1x-rtx5080 global 1 RTX-5080 - - - 0.34
            1x-rtx5090 global 1 RTX-5090 - - - 0.38
            1x-a5000   global 1 A5000    - - -  0.2
            """)

    static let coreweave = PriceSection(
        provider: "coreweave", market: .distributed,
        source: "tardellirs/gpu-pricing (MIT), from www.coreweave.com/pricing/classic",
        observed: "2026-05-24",
        rows: """
            1x-v100-nvlink      global 1 V100      - -  0.8 -
            1x-a40              global 1 A40       - - 1.28 -
            1x-a6000            global 1 A6000     - - 1.28 -
            1x-a100-40gb-nvlink global 1 A100-40GB - - 2.06 -
            1x-a100-80gb-pcie   global 1 A100-80GB - - 2.21 -
            1x-a100-80gb-nvlink global 1 A100-80GB - - 2.21 -
            1x-h100-pcie        global 1 H100-PCIe - - 4.25 -
            1x-h100-sxm         global 1 H100-SXM  - - 4.76 -
            """)

    static let hyperstack = PriceSection(
        provider: "hyperstack", market: .distributed,
        source: "tardellirs/gpu-pricing (MIT), from www.hyperstack.cloud/gpu-pricing",
        observed: "2026-05-24",
        rows: """
            n3-RTX-A6000x1     global 1 A6000        28  58  0.5 -
            n3-L40x1           global 1 L40          28 120    1 -
            n3-A100x1          global 1 A100-80GB    28 120 1.35 -
            1x-RTX-PRO-6000-SE global 1 RTX-PRO-6000 31 180  1.8 -
            n3-H100x1          global 1 H100-PCIe    28 180  1.9 -
            1x-H200-SXM        global 1 H200         22 225  3.5 -
            """)

    static let hyperstackMore = PriceSection(
        provider: "hyperstack", market: .distributed,
        source: "skypilot-org/skypilot-catalog v8",
        observed: "2026 (undated)",
        rows: """
            n3-A100x4      global 4 A100-80GB 124  480  5.4 -
            n3-A100x8      global 8 A100-80GB 252 1440 10.8 -
            n3-H100x4      global 4 H100-PCIe 124  720  7.6 -
            n3-H100x8      global 8 H100-PCIe 252 1440 15.2 -
            n3-H100-SXM5x8 global 8 H100-SXM  192 1800 19.2 -
            """)

    static let novita = PriceSection(
        provider: "novita", market: .distributed,
        source: "tardellirs/gpu-pricing (MIT), from novita.ai/pricing",
        observed: "2026-05-24",
        rows: """
            1x-rtx3090    global 1 RTX-3090     - - 0.21 0.11
            1x-rtx4090    global 1 RTX-4090     - - 0.67 0.34
            1x-rtx5090    global 1 RTX-5090     - -  0.6  0.3
            1x-rtx6000ada global 1 RTX-6000-Ada - - 0.77 0.39
            1x-l40s       global 1 L40S         - - 0.55    -
            1x-a100-sxm   global 1 A100-80GB    - -  1.6  0.8
            1x-h100-sxm   global 1 H100-SXM     - - 2.59  1.3
            """)

    static let jarvislabs = PriceSection(
        provider: "jarvislabs", market: .distributed,
        source: "tardellirs/gpu-pricing (MIT), from jarvislabs.ai/pricing",
        observed: "2026-05-24",
        rows: """
            1x-l4         global 1 L4           32 124 0.44 0.19
            1x-a100-40gb  global 1 A100-40GB    16 112 0.89 0.39
            1x-a100-80gb  global 1 A100-80GB    16 112 1.49 0.66
            1x-rtxpro6000 global 1 RTX-PRO-6000 28 160 1.89 0.83
            1x-h100-sxm   global 1 H100-SXM     16 200 2.69 1.18
            """)

    static let digitalocean = PriceSection(
        provider: "digitalocean", market: .distributed,
        source: "tardellirs/gpu-pricing (MIT), from www.digitalocean.com/pricing/gpu-droplets",
        observed: "2026-05-24",
        rows: """
            1x-rtx6000ada global 1 RTX-6000-Ada  8  64 1.57 -
            1x-l40s       global 1 L40S          8  64 1.57 -
            1x-mi300x     global 1 MI300X       20 240 1.99 -
            1x-h100       global 1 H100-SXM     20 240 3.39 -
            1x-h200       global 1 H200         24 240 3.44 -
            """)

    static let thunder = PriceSection(
        provider: "thundercompute", market: .distributed,
        source: "tardellirs/gpu-pricing (MIT), from www.thundercompute.com/pricing",
        observed: "2026-05-24",
        rows: """
            1x-l40       global 1 L40       - - 1.38 -
            1x-l40s      global 1 L40S      - - 1.39 -
            1x-a100-80gb global 1 A100-80GB - - 1.49 -
            1x-h100-pcie global 1 H100-PCIe - - 1.38 -
            """)

    static let genesis = PriceSection(
        provider: "genesiscloud", market: .distributed,
        source: "tardellirs/gpu-pricing (MIT), from www.genesiscloud.com/pricing",
        observed: "2026-05-24",
        rows: """
            1x-rtx3090 global 1 RTX-3090 4 24  0.2 -
            1x-rtx4090 global 1 RTX-4090 8 48 0.55 -
            """)

    static let seeweb = PriceSection(
        provider: "seeweb", market: .distributed,
        source: "skypilot-org/skypilot-catalog v9",
        observed: "2026 (undated)",
        rows: """
            ECS1GPU6 it-fr2 1 L4         4  32  0.38 -
            ECS1GPU7 it-fr2 1 L40S       8  32  0.85 -
            ECS1GPU3 it-fr2 1 A100-80GB 16 120  0.99 -
            eCS5     it-fr2 0 -          8  16 0.127 -
            ECS7     it-fr2 0 -         16  32  0.31 -
            ECS8     it-fr2 0 -         16  64  0.63 -
            """)
}
