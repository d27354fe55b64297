namespace Moldau.Client.Sharing;

/// <summary>How far a record is that a broker has given to this consumer.</summary>
internal enum RecordStage
{
    /// <summary>Nobody has seen it yet.</summary>
    Waiting,

    /// <summary>With the application.</summary>
    Given,

    /// <summary>The application has said what becomes of it.</summary>
    Acknowledged,

    /// <summary>Its lock is over, or with a broker that is not asked any more: it may come to somebody again.</summary>
    Lost,
}
