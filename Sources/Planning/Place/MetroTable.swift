/// Places and the regions that stand for them. Coordinates are those of the metropolitan area, to a tenth of a degree;
/// providers do not publish where their buildings are.
enum MetroTable {
    struct Row: Sendable {
        var metro: Metro
        var aliases: [String]
    }

    static let rows: [Row] = text.split(separator: "\n").map { line in
        let cells = line.split(separator: "|").map { $0.split(separator: " ").map(String.init) }
        return Row(
            metro: Metro(
                name: cells[0][0], latitude: Double(cells[1][0]) ?? .nan, longitude: Double(cells[1][1]) ?? .nan,
                jurisdictions: cells[2]),
            aliases: cells.count > 3 ? cells[3] : [])
    }

    /// Name | degrees north and east | jurisdictions | names of regions there. The broad words (`us-east`) come first.
    private static let text = """
        virginia     | 38.9  -77.5 | us north-america | us-east us-east-1 us-east4 eastus eastus2
        iowa         | 41.6  -93.6 | us north-america | us-central us us-central1 centralus
        texas        | 29.4  -98.5 | us north-america | us-south southcentralus us-south1 us-south-1
        arizona      | 33.4 -112.1 | us north-america | westus3 us-west4
        california   | 37.4 -122.0 | us north-america | us-west us-west-1 us-west2 westus
        washington   | 47.2 -119.9 | us north-america | us-northwest us-west-2 us-west1 westus2
        ohio         | 40.0  -83.0 | us north-america | us-east-2 us-east5
        chicago      | 41.9  -87.6 | us north-america | northcentralus
        carolina     | 33.2  -80.0 | us north-america | us-east1
        toronto      | 43.7  -79.4 | ca north-america | ca canadacentral northamerica-northeast2
        montreal     | 45.5  -73.6 | ca north-america | ca-central-1 canadaeast northamerica-northeast1
        sao-paulo    | -23.5 -46.6 | br south-america | sa-east sa-east-1 southamerica-east1 brazilsouth
        dublin       | 53.3   -6.3 | ie eu europe | eu-west eu-west-1 northeurope
        london       | 51.5   -0.1 | uk europe | uk eu-west-2 europe-west2 uksouth
        paris        | 48.9    2.4 | fr eu europe | eu-west-3 europe-west9 francecentral
        amsterdam    | 52.4    4.9 | nl eu europe | eu europe-west4 westeurope
        brussels     | 50.5    3.8 | be eu europe | europe-west1
        frankfurt    | 50.1    8.7 | de eu europe | eu-central eu-central-1 europe-west3 germanywestcentral
        zurich       | 47.4    8.5 | ch europe | eu-central-2 europe-west6 switzerlandnorth
        milan        | 45.5    9.2 | it eu europe | eu-south eu-south-1 europe-west8 italynorth
        rome         | 41.6   13.3 | it eu europe | it-fr2
        madrid       | 40.4   -3.7 | es eu europe | eu-south-2 europe-southwest1 spaincentral
        stockholm    | 60.7   17.1 | se eu europe | eu-north eu-north-1 europe-north2 swedencentral
        helsinki     | 60.6   25.1 | fi eu europe | europe-north1 eu-north1
        warsaw       | 52.2   21.0 | pl eu europe | eu-east europe-central2 polandcentral
        dubai        | 25.2   55.3 | ae middle-east | me me-central-1 uaenorth
        doha         | 25.3   51.5 | qa middle-east | me-central1 qatarcentral
        tel-aviv     | 32.1   34.8 | il middle-east | il-central-1 me-west1 israelcentral
        pune         | 18.5   73.9 | in asia | in india ap-south ap-south-1 asia-south1 centralindia
        singapore    |  1.3  103.8 | sg asia | ap-southeast ap-southeast-1 asia-southeast1 southeastasia
        jakarta      | -6.2  106.8 | id asia | ap-southeast-3 asia-southeast2
        hong-kong    | 22.3  114.2 | hk asia | ap-east ap-east-1 asia-east2 eastasia
        taiwan       | 24.1  120.6 | tw asia | asia-east1
        seoul        | 37.6  127.0 | kr asia | ap-northeast-2 asia-northeast3 koreacentral
        tokyo        | 35.7  139.7 | jp asia | ap-northeast ap-northeast-1 asia-northeast1 japaneast
        osaka        | 34.7  135.5 | jp asia | ap-northeast-3 asia-northeast2 japanwest
        sydney       | -33.9 151.2 | au oceania | au ap-southeast-2 australia-southeast1 australiaeast
        melbourne    | -37.8 145.0 | au oceania | ap-southeast-4 australia-southeast2 australiasoutheast
        johannesburg | -26.2  28.0 | za africa | africa africa-south1 southafricanorth
        cape-town    | -33.9  18.4 | za africa | af-south-1 southafricawest
        """
}
