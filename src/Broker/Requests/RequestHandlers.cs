using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests;

/// <summary>The table of what this broker serves. Dispatch and the answer of ApiVersions come from it.</summary>
internal sealed class RequestHandlers
{
    private readonly ApiRow?[] _rows = new ApiRow?[(short)ApiTable.All[^1].Key + 1];

    public RequestHandlers(IEnumerable<ApiRow> rows)
    {
        foreach (var row in rows)
        {
            if (_rows[(short)row.Api.Key] is not null) throw new ArgumentException($"{row.Api.Name} twice", nameof(rows));
            _rows[(short)row.Api.Key] = row;
        }
    }

    /// <summary>By key, in order.</summary>
    public IEnumerable<ApiRow> All
    {
        get
        {
            foreach (var row in _rows)
            {
                if (row is not null) yield return row;
            }
        }
    }

    public ApiRow? Find(short key) => (uint)key < (uint)_rows.Length ? _rows[key] : null;

    /// <summary>
    /// Who does not know yet what is spoken asks in a version that may be a later one, and must get an answer all the same.
    /// </summary>
    public static bool MayAnswer(ApiRow row, short version) => row.Api.Key == ApiKey.ApiVersions;
}
