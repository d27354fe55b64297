using System.Collections.Immutable;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Metadata.Records;

/// <summary>
/// A node that has started. Its epoch is the revision that put this record, which no later start can have too; so a node
/// puts it once in its life. It is not part of an import: nodes register anew.
/// </summary>
/// <param name="Incarnation">Of this one start.</param>
public sealed record NodeRecord(Uuid Incarnation, ImmutableArray<NodeEndpoint> Endpoints, string? Rack = null) : MetadataRecord, IMetadataRecord
{
    public static int NewestVersion => 1;

    public string? Fault()
    {
        if (Incarnation.IsZero) return "no incarnation";
        if (Endpoints.IsDefaultOrEmpty) return "no endpoint";
        foreach (var endpoint in Endpoints)
        {
            if (endpoint is null) return "a gap in the list of endpoints";
            if (endpoint.Port is < 1 or > 65535) return $"port {endpoint.Port} of {endpoint.Name}";
        }

        return null;
    }
}
