using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Operations;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Cluster;

/// <summary>UpdateFeatures: finalized levels are raised and lowered; all that are asked for, or none.</summary>
internal sealed class UpdateFeatures(IMetadataStore store, MetadataFollower metadata, NetworkLog log) : TypedHandler<UpdateFeaturesRequest, UpdateFeaturesResponse>(log)
{
    private const sbyte Upgrade = 1;
    private const sbyte UnsafeDowngrade = 3;
    private const short LastWithResults = 1;

    private readonly AlterRecord _alter = new(store);

    protected override async ValueTask HandleAsync(Exchange exchange, UpdateFeaturesRequest request, UpdateFeaturesResponse response)
    {
        var faults = Faults(exchange.Version, request, metadata.Current.Features);
        var first = faults.Find(static fault => fault.Error != ErrorCode.None);
        if (first.Error != ErrorCode.None)
        {
            (response.ErrorCode, response.ErrorMessage) = first;
            return;
        }

        response.ErrorMessage = null;
        if (exchange.Version <= LastWithResults)
        {
            foreach (var update in request.FeatureUpdates) response.Results.Add(new UpdateFeaturesResponse.Result { Feature = update.Feature, ErrorMessage = null });
        }

        if (request.ValidateOnly) return;
        var altered = await _alter.RunAsync<FeaturesRecord>(MetadataKeys.Features, known => Altered(request, known)).ConfigureAwait(false);
        await metadata.WaitForAsync(altered.Revision).ConfigureAwait(false);
        for (var i = 0; i < request.FeatureUpdates.Count; i++) exchange.Changed($"set to level {request.FeatureUpdates[i].MaxVersionLevel} the", "feature", request.FeatureUpdates[i].Feature);
    }

    protected override void Refuse(UpdateFeaturesRequest request, UpdateFeaturesResponse response, ErrorCode error, string? message) =>
        (response.ErrorCode, response.ErrorMessage) = (error, message);

    private static List<(ErrorCode Error, string? Message)> Faults(short version, UpdateFeaturesRequest request, FeaturesRecord? finalized)
    {
        var faults = new List<(ErrorCode, string?)>();
        foreach (var update in request.FeatureUpdates)
        {
            var current = finalized?.Levels.GetValueOrDefault(update.Feature) ?? 0;
            faults.Add(Fault(version, update, current));
        }

        return faults;
    }

    private static (ErrorCode Error, string? Message) Fault(short version, UpdateFeaturesRequest.Update update, short current)
    {
        var type = version == 0 ? (update.AllowDowngrade ? (sbyte)2 : Upgrade) : update.UpgradeType;
        if (type is < Upgrade or > UnsafeDowngrade) return (ErrorCode.InvalidUpdateVersion, $"an update of type {type}; 1 (upgrade), 2 (safe downgrade) and 3 (unsafe downgrade) are known");
        if (Features.Find(update.Feature) is not { } feature) return (ErrorCode.InvalidUpdateVersion, $"this broker does not have the feature '{update.Feature}'");
        var level = update.MaxVersionLevel;
        if (level < 0) return (ErrorCode.InvalidUpdateVersion, $"a level of {level} for {feature.Name}; a level is 0 (off) or above");
        if (level != 0 && (level < feature.Lowest || level > feature.Highest))
            return (ErrorCode.InvalidUpdateVersion, $"level {level} of {feature.Name}, of which this broker has {feature.Lowest} to {feature.Highest}");
        if (level == 0 && feature.Lowest > 0) return (ErrorCode.InvalidUpdateVersion, $"{feature.Name} cannot be turned off; its lowest level is {feature.Lowest}");
        if (level < current && type == Upgrade) return (ErrorCode.InvalidUpdateVersion, $"{feature.Name} is at level {current}, and {level} would be a downgrade, which was not asked for");
        if (level > current && type != Upgrade) return (ErrorCode.InvalidUpdateVersion, $"{feature.Name} is at level {current}, and {level} would be an upgrade, where a downgrade was asked for");
        return (ErrorCode.None, null);
    }

    private static FeaturesRecord Altered(UpdateFeaturesRequest request, FeaturesRecord? known)
    {
        var levels = new SortedDictionary<string, short>(StringComparer.Ordinal);
        foreach (var (name, level) in known?.Levels ?? new Dictionary<string, short>()) levels[name] = level;
        foreach (var update in request.FeatureUpdates)
        {
            if (update.MaxVersionLevel == 0) levels.Remove(update.Feature);
            else levels[update.Feature] = update.MaxVersionLevel;
        }

        var isSame = known is not null && levels.Count == known.Levels.Count && levels.All(level => known.Levels.GetValueOrDefault(level.Key) == level.Value);
        return isSame ? known! : new FeaturesRecord((known?.Epoch ?? -1) + 1, levels);
    }
}
