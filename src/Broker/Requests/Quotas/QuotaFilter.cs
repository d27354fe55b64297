using Moldau.Broker.Metadata.Records;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Quotas;

/// <summary>Which entities a description of quotas is asked for.</summary>
internal sealed class QuotaFilter
{
    private const sbyte ThisName = 0;
    private const sbyte DefaultOnly = 1;
    private const sbyte AnyName = 2;

    // Null for any.
    private readonly Dictionary<string, QuotaSubject?> _parts = new(StringComparer.Ordinal);
    private readonly bool _isStrict;

    /// <exception cref="RequestRefusedException">No entity could be meant.</exception>
    public QuotaFilter(DescribeClientQuotasRequest request)
    {
        _isStrict = request.Strict;
        foreach (var component in request.Components) Add(component);
        if (_parts.ContainsKey(QuotaPart.Address) && _parts.Count > 1)
            throw new RequestRefusedException(ErrorCode.InvalidRequest, "addresses have quotas of their own: a filter names them, or users and client ids");
    }

    public bool Fits(QuotaEntity entity)
    {
        foreach (var (type, wanted) in _parts)
        {
            if (QuotaPart.Of(entity, type) is not { } part || (wanted is { } subject && subject != part)) return false;
        }

        // Without any part, all of them are asked for, and strictly none.
        return !_isStrict || (_parts.Count > 0 && _parts.Count == QuotaPart.All(entity).Count());
    }

    private void Add(DescribeClientQuotasRequest.Component component)
    {
        var type = component.EntityType;
        if (type.Length == 0) throw new RequestRefusedException(ErrorCode.InvalidRequest, "a type without a name");
        if (_parts.ContainsKey(type)) throw new RequestRefusedException(ErrorCode.InvalidRequest, $"the filter names '{type}' twice");
        if (!QuotaPart.IsKnown(type)) throw new RequestRefusedException(ErrorCode.UnsupportedVersion, $"there are no quotas by '{type}': user, client-id and ip are known");
        if (component.MatchType is not (ThisName or DefaultOnly or AnyName))
            throw new RequestRefusedException(ErrorCode.InvalidRequest, $"match type {component.MatchType} for '{type}': 0 (a name), 1 (the default) and 2 (any) are known");
        if (component.MatchType == ThisName != component.Match is not null)
            throw new RequestRefusedException(ErrorCode.InvalidRequest, component.Match is null ? $"the name of the '{type}' is missing" : $"match type {component.MatchType} for '{type}' goes without a name");
        _parts[type] = component.MatchType == AnyName ? null : new QuotaSubject(component.Match);
    }
}
