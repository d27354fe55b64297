using System.Diagnostics.CodeAnalysis;

namespace Moldau.Protocol.Messages;

/// <summary>Every API of the broker's listener. The rows come from the definition files under <c>protocol/</c>.</summary>
public static partial class ApiTable
{
    private static readonly ApiDescription?[] ByKey = Index();

    public static IReadOnlyList<ApiDescription> All => Rows;

    public static ApiDescription Get(ApiKey key) =>
        TryGet((short)key, out var api) ? api : throw new ArgumentOutOfRangeException(nameof(key), key, "no such API");

    public static bool TryGet(short key, [NotNullWhen(true)] out ApiDescription? api)
    {
        api = (uint)key < (uint)ByKey.Length ? ByKey[key] : null;
        return api is not null;
    }

    private static ApiDescription?[] Index()
    {
        var byKey = new ApiDescription?[(short)Rows[^1].Key + 1];
        foreach (var row in Rows) byKey[(short)row.Key] = row;
        return byKey;
    }
}
