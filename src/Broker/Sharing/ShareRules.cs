using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Settings;
using Moldau.Broker.Settings.Snapshots;
using Moldau.Coordination.Deliveries;

namespace Moldau.Broker.Sharing;

/// <summary>A group's settings, as they count now, kept until something of them changes.</summary>
internal sealed class ShareRules(string group, MetadataFollower metadata, LiveSettings settings)
{
    private volatile Known? _known;

    public DeliveryRules Deliveries => Current.Deliveries;

    public GroupSettings Settings => Current.Settings;

    private Known Current
    {
        get
        {
            var (image, current) = (metadata.Current, settings.Current);
            if (_known is { } known && ReferenceEquals(known.Broker, current) && ReferenceEquals(known.Configs, image.Configs)) return known;
            var own = current.Group(SettingLayers.Values(image, ConfigResource.Group(group)));
            return _known = new Known(current, image.Configs, own, new DeliveryRules
            {
                LockDuration = own.ShareRecordLockDuration,
                DeliveryLimit = own.ShareDeliveryCountLimit,
                MostOut = own.SharePartitionMaxRecordLocks,
                AllowsRenewal = own.ShareAllowsRenewal,
                RetryDelay = own.ShareRetryDelay,
                LongestRetryDelay = own.ShareLongestRetryDelay,
                KeepsKeyOrder = own.ShareKeepsKeyOrder,
                HasDeadLetters = own.DeadLetterTopic.Length > 0,
            });
        }
    }

    private sealed record Known(BrokerSettings Broker, object Configs, GroupSettings Settings, DeliveryRules Deliveries);
}
