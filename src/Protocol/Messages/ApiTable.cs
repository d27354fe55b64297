using System.Diagnostics.CodeAnalysis;

namespace Moldau.Protocol.Messages;

/// <summary>Every API of the broker's listener. The rows come from the definition files under <c>protocol/</c>.</summary>
public static partial class ApiTable
{
    public static IReadOnlyList<ApiDescription> All => Rows;

    public static ApiDescription Get(ApiKey key) =>
        TryGet((short)key, out var api) ? api : throw new ArgumentOutOfRangeException(nameof(key), key, "no such API");

    public static bool TryGet(short key, [NotNullWhen(true)] out ApiDescription? api)
    {
        var byKey = Index.ByKey;
        api = (uint)key < (uint)byKey.Length ? byKey[key] : null;
        return api is not null;
    }

    // In a class of its own: which of a partial class's fields is initialized first is not defined between its files.
    private static class Index
    {
        public static readonly ApiDescription?[] ByKey = Build();

        private static ApiDescription?[] Build()
        {
            var byKey = new ApiDescription?[(short)Rows[^1].Key + 1];
            foreach (var row in Rows) byKey[(short)row.Key] = row;
            return byKey;
        }
    }
}
