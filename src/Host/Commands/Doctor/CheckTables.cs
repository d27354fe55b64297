using Moldau.Host.Commands.Doctor.Facts;
using Moldau.Host.Commands.Doctor.Rules;

namespace Moldau.Host.Commands.Doctor;

/// <summary>Everything the doctor looks at, in the order in which it is told.</summary>
internal static class CheckTables
{
    public static readonly Check<MachineFacts>[] Machine =
    [
        new("files.limit", "How many files the broker may have open", "below 65536, fails below 4096: each segment takes up to three, each connection one", MachineRules.OpenFiles),
        new("memory.size", "Memory, or what the control group leaves of it", "below 512 MiB, fails below 128 MiB", MachineRules.Memory),
        new("memory.swap", "`vm.swappiness`, where there is swap", "above 10: a heap that is swapped out stops the broker at its next collection", MachineRules.Swap),
        new("memory.huge-pages", "Transparent huge pages", "`always`: memory that was given back grows again, and the system stops processes to put pages together", MachineRules.HugePages),
        new("processor.limit", "The processor time the control group leaves", "less than one processor: the broker is stopped for the rest of each period", MachineRules.Processors),
        new("clock.source", "Where the system reads its time", "a slow source such as `hpet` or `acpi_pm`: every request reads the clock", MachineRules.ClockSource),
        new("clock.synchronized", "Whether the clock is held to a time server", "it is not: timestamps, retention and tokens' validity follow it", MachineRules.ClockSynchronized),
        new("dotnet.settings", "Variables that change how .NET runs the program", "any that turns off what the program is built with, or bounds its heap below 256 MiB", MachineRules.Runtime),
    ];

    public static readonly Check<StartFacts>[] Start =
    [
        new("settings.read", "The settings a start would take", "fails where one is not possible: so would the start", StartRules.Read),
        new("settings.durability", "`moldau.durability`", "`page-cache`: a loss of power takes what was acknowledged", StartRules.Durability),
        new("settings.unclean-election", "`unclean.leader.election.enable`", "on: a replica that has fallen behind may lead, and records are lost", StartRules.UncleanElection),
    ];

    public static readonly Check<FolderFacts>[] Folder =
    [
        new("folder.access", "Whether the folder can be written to", "fails where this user may not: give it to the broker's user", FolderRules.Access),
        new("folder.identity", "Whose the folder is: its `meta.properties`", "fails where it is another node's, of a newer format, or cannot be read", FolderRules.Identity),
        new("folder.in-use", "Who has the folder open", "never; it says who", FolderRules.InUse),
        new("folder.file-system", "What the folder lies on", "memory, a container's own layer, or a network: gone, slow or unsure of what is on disk; fails where barriers are turned off", FolderRules.FileSystem),
        new("folder.space", "Free space", "below 15 %, fails below 5 % or 256 MiB", FolderRules.Space),
        new("folder.flush", "What bringing 4 KiB to disk takes", "above 50 ms: each acknowledged write waits for it; below 10 microseconds: no disk is as fast, so flushes end in a cache that a loss of power empties", FolderRules.Flush),
    ];

    public static readonly Check<ListenerFacts>[] Listener =
    [
        new("listener.port", "Whether the port is free", "fails where another process has it; not where the broker of the same folder is running", ListenerRules.Port),
        new("listener.public", "Who can reach the address, and who is let in", "everybody who reaches the machine, without saying who he is", ListenerRules.Public),
        new("listener.encrypted", "Whether the line is private", "names and passwords cross a network that others can read", ListenerRules.Encrypted),
        new("listener.advertised", "What clients are told to connect to", "a name that cannot be found, or this machine only, while others can reach the listener", ListenerRules.Advertised),
        new("listener.certificate", "The listener's certificate", "less than 30 days before it ends; fails once it has ended, does not hold yet, or cannot be read", ListenerRules.Certificate),
    ];

    public static readonly Check<ClusterFacts>[] Cluster =
    [
        new("server.reachable", "Whether a broker answers", "fails where none does", ClusterRules.Reachable),
        new("server.brokers", "Whether each broker answers where it says it is", "fails where one does not: clients are sent there", ClusterRules.Brokers),
        new("server.ready", "What the broker's HTTP says, where `--http` names it", "fails where the broker is not ready", ClusterRules.Ready),
        new("server.clock", "The broker's clock beside this one, where `--http` names it", "more than 2 s apart", ClusterRules.Clock),
        new("server.versions", "`metadata.version`: what the cluster has settled on", "less than its brokers can do: an upgrade was not finished", ClusterRules.Versions),
        new("partitions.offline", "Partitions without a leader", "fails where there are any: nobody can write or read them", ClusterRules.Offline),
        new("partitions.below-minimum", "Partitions with fewer replicas in sync than `min.insync.replicas`", "fails where there are any: writers with acks=all are refused", ClusterRules.BelowMinimum),
        new("partitions.under-replicated", "Partitions with replicas that are not in sync", "any: fewer copies than were asked for", ClusterRules.UnderReplicated),
        new("partitions.single-copy", "Topics with one replica, in a cluster of several brokers", "any: they are gone with that broker", ClusterRules.SingleCopy),
        new("disk.failed", "The brokers' data folders", "fails where one is offline", ClusterRules.FailedFolders),
        new("disk.fill", "Their disks", "above 80 % full, fails above 95 %", ClusterRules.FullDisks),
        new("groups.lag", "How far groups are behind, looked at twice", "it has grown for a group that has members: they are slower than the writers", ClusterRules.GrowingLag),
    ];

    public static readonly Check<BrokerSettingFacts>[] BrokerSettings =
    [
        new("config.unclean-election", "`unclean.leader.election.enable`", "on: records are lost where a replica that has fallen behind leads", BrokerSettingRules.UncleanElection),
        new("config.durability", "`moldau.durability`, where the broker knows it", "`page-cache`: a loss of power takes what was acknowledged", BrokerSettingRules.Durability),
        new("config.auto-create", "`auto.create.topics.enable`", "on: a misspelt name becomes a topic", BrokerSettingRules.AutoCreate),
        new("config.copies", "`default.replication.factor` and `min.insync.replicas`, in a cluster of three or more", "new topics get one copy, or count as written with one", BrokerSettingRules.Copies),
        new("config.authorizer", "`authorizer.class.name`, where others than this machine reach the broker", "none: everybody who is let in may do everything", BrokerSettingRules.Authorizer),
    ];
}
