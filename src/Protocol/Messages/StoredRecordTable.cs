using System.Diagnostics.CodeAnalysis;

namespace Moldau.Protocol.Messages;

/// <summary>
/// Every kind of record of the internal topics, by topic and type. On disk the type stands in front of the key and the
/// version in front of the value, two bytes each. The rows come from the definition files under <c>protocol/records/</c>.
/// </summary>
public static partial class StoredRecordTable
{
    public static IReadOnlyList<StoredRecordDescription> All => Rows;

    public static bool TryGet(string topic, short type, [NotNullWhen(true)] out StoredRecordDescription? record)
    {
        record = null;
        foreach (var row in Rows)
        {
            if (row.Type == type && row.Topic == topic) record = row;
        }

        return record is not null;
    }
}
