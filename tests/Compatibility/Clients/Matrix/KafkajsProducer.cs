using Moldau.Compatibility.Records;

namespace Moldau.Compatibility.Clients.Matrix;

/// <summary>kafkajs takes headers as an object: those of one name stand together, and none may lack a value.</summary>
internal sealed class KafkajsProducer(int records) : LineProducer("kafkajs", records, () => NodeClients.CommandAsync("kafkajs"))
{
    public override MatrixRecord Shape(MatrixRecord record, string codec) => record with
    {
        Headers = [.. record.Headers.GroupBy(static header => header.Key).SelectMany(static same => same).Select(static header => new SampleHeader(header.Key, header.Value ?? []))],
    };
}
