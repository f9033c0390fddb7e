<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>sonofill</name>
    <message>
        <source>Accept</source>
        <translation>Annehmen</translation>
    </message>
    <message>
        <source>All looked at</source>
        <translation>Alle angesehen</translation>
    </message>
    <message>
        <source>Anechoic</source>
        <translation>Echofrei</translation>
    </message>
    <message>
        <source>Artery</source>
        <translation>Arterie</translation>
    </message>
    <message>
        <source>Both sides</source>
        <translation>Beide Seiten</translation>
    </message>
    <message>
        <source>Brightness?</source>
        <translation>Helligkeit?</translation>
    </message>
    <message>
        <source>Capture</source>
        <translation>Aufnehmen</translation>
    </message>
    <message>
        <source>Captured clips and stills</source>
        <translation>Aufgenommene Clips und Standbilder</translation>
    </message>
    <message>
        <source>Choose a device and press Start.</source>
        <translation>Gerät wählen und Starten drücken.</translation>
    </message>
    <message>
        <source>Choose a study on the right and open it.</source>
        <translation>Rechts eine Studie wählen und öffnen.</translation>
    </message>
    <message>
        <source>Choose the protocol of the region: it leads from station to station.</source>
        <translation>Das Protokoll der Region wählen: es führt von Station zu Station.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleichen</translation>
    </message>
    <message>
        <source>Complication</source>
        <translation>Komplikation</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>Distance</source>
        <translation>Strecke</translation>
    </message>
    <message>
        <source>Documentation aid, not a diagnosis</source>
        <translation>Dokumentationshilfe, keine Diagnose</translation>
    </message>
    <message>
        <source>Drag a box around the deposit. Shadow and anisotropy look alike: look in a second plane and at another angle.</source>
        <translation>Einen Kasten um das Depot ziehen. Schatten und Anisotropie sehen ähnlich aus: in zweiter Ebene und anderem Winkel nachsehen.</translation>
    </message>
    <message>
        <source>Drag a box around the vessel. Its points turn and stretch it afterwards (Select).</source>
        <translation>Einen Kasten um das Gefäß ziehen. Seine Punkte drehen und strecken es danach (Wählen).</translation>
    </message>
    <message>
        <source>Drag from one end to the other.</source>
        <translation>Von einem Ende zum anderen ziehen.</translation>
    </message>
    <message>
        <source>Draw, or select a label</source>
        <translation>Zeichnen oder Markierung wählen</translation>
    </message>
    <message>
        <source>Echogenicity</source>
        <translation>Echogenität</translation>
    </message>
    <message>
        <source>Encoding, size and rate</source>
        <translation>Kodierung, Größe und Rate</translation>
    </message>
    <message>
        <source>Encoding, size and rate of the device's stream</source>
        <translation>Kodierung, Größe und Rate des Gerätes</translation>
    </message>
    <message>
        <source>Encounter</source>
        <translation>Behandlung</translation>
    </message>
    <message>
        <source>End clip   {n} s</source>
        <translation>Clip beenden   {n} s</translation>
    </message>
    <message>
        <source>Follow</source>
        <translation>Verfolgen</translation>
    </message>
    <message>
        <source>FROZEN  {age}  –  recording goes on</source>
        <translation>EINGEFROREN  {age}  –  die Aufzeichnung läuft weiter</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>Filler</source>
        <translation>Filler</translation>
    </message>
    <message>
        <source>Filler, or shadow or anisotropy? Look in a second plane and at another angle, and say what you did.</source>
        <translation>Filler, oder Schatten oder Anisotropie? In zweiter Ebene und anderem Winkel nachsehen und sagen, was getan wurde.</translation>
    </message>
    <message>
        <source>Firm pressure</source>
        <translation>Fester Druck</translation>
    </message>
    <message>
        <source>Frame</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Freeze</source>
        <translation>Einfrieren</translation>
    </message>
    <message>
        <source>Gel stand-off</source>
        <translation>Gel-Vorlauf</translation>
    </message>
    <message>
        <source>How bright it looks to you. Saving puts the screen's own grey beside your word.</source>
        <translation>Wie hell es für Sie aussieht. Beim Sichern kommt das Grau des Bildes daneben.</translation>
    </message>
    <message>
        <source>How far back to save</source>
        <translation>Wie weit zurück gesichert wird</translation>
    </message>
    <message>
        <source>How hard the probe is held</source>
        <translation>Wie fest die Sonde gehalten wird</translation>
    </message>
    <message>
        <source>How long is this in truth?</source>
        <translation>Wie lang ist das in Wirklichkeit?</translation>
    </message>
    <message>
        <source>Hyperechoic</source>
        <translation>Echoreich</translation>
    </message>
    <message>
        <source>Hypoechoic</source>
        <translation>Echoarm</translation>
    </message>
    <message>
        <source>In this study (press to label)</source>
        <translation>In dieser Studie (antippen: markieren)</translation>
    </message>
    <message>
        <source>Isoechoic</source>
        <translation>Echogleich</translation>
    </message>
    <message>
        <source>Key {key}</source>
        <translation>Taste {key}</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Markieren</translation>
    </message>
    <message>
        <source>Landmark?</source>
        <translation>Landmarke?</translation>
    </message>
    <message>
        <source>Later pictures whose ruler or stated depth is the same take this scale.</source>
        <translation>Spätere Bilder mit gleichem Lineal oder gleicher Tiefe bekommen diesen Maßstab.</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>Links</translation>
    </message>
    <message>
        <source>Light pressure</source>
        <translation>Leichter Druck</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>Läuft</translation>
    </message>
    <message>
        <source>Live picture</source>
        <translation>Lebendes Bild</translation>
    </message>
    <message>
        <source>Look for devices again</source>
        <translation>Geräte neu suchen</translation>
    </message>
    <message>
        <source>Look for layers and vessels on this frame. What is not found may be there.</source>
        <translation>Schichten und Gefäße auf diesem Bild suchen. Was nicht gefunden wird, kann doch da sein.</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>Sucht…</translation>
    </message>
    <message>
        <source>Midline</source>
        <translation>Mitte</translation>
    </message>
    <message>
        <source>Mode of the picture</source>
        <translation>Modus des Bildes</translation>
    </message>
    <message>
        <source>NO PICTURE</source>
        <translation>KEIN BILD</translation>
    </message>
    <message>
        <source>NO SIGNAL</source>
        <translation>KEIN SIGNAL</translation>
    </message>
    <message>
        <source>Name of the label</source>
        <translation>Name der Markierung</translation>
    </message>
    <message>
        <source>Name, e.g. fv (press N)</source>
        <translation>Name, z. B. fv (Taste N)</translation>
    </message>
    <message>
        <source>Names that fit</source>
        <translation>Passende Namen</translation>
    </message>
    <message>
        <source>Needle tip</source>
        <translation>Nadelspitze</translation>
    </message>
    <message>
        <source>Next ({n})</source>
        <translation>Nächste ({n})</translation>
    </message>
    <message>
        <source>Next station</source>
        <translation>Nächste Station</translation>
    </message>
    <message>
        <source>No</source>
        <translation>Nein</translation>
    </message>
    <message>
        <source>No device</source>
        <translation>Kein Gerät</translation>
    </message>
    <message>
        <source>No scale on this picture. Draw a distance whose length you know (D), and tell it here.</source>
        <translation>Kein Maßstab auf diesem Bild. Eine Strecke bekannter Länge zeichnen (D) und hier angeben.</translation>
    </message>
    <message>
        <source>Not recording: the disk takes no more</source>
        <translation>Keine Aufzeichnung: die Platte ist voll</translation>
    </message>
    <message>
        <source>Nothing captured yet: take a still or a clip on the Scan page.</source>
        <translation>Noch nichts aufgenommen: auf der Seite Schallen ein Standbild oder einen Clip aufnehmen.</translation>
    </message>
    <message>
        <source>Nothing selected</source>
        <translation>Nichts gewählt</translation>
    </message>
    <message>
        <source>Nothing that the protocol asks for here is lacking. It says nothing beyond it.</source>
        <translation>Hier fehlt nichts, wonach das Protokoll fragt. Darüber hinaus sagt es nichts.</translation>
    </message>
    <message>
        <source>Nothing was captured: no whole picture came in that time.</source>
        <translation>Nichts aufgenommen: in dieser Zeit kam kein ganzes Bild.</translation>
    </message>
    <message>
        <source>Opening the device…</source>
        <translation>Das Gerät wird geöffnet…</translation>
    </message>
    <message>
        <source>Other angle?</source>
        <translation>Anderer Winkel?</translation>
    </message>
    <message>
        <source>Patient</source>
        <translation>Patient</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Plane of the picture</source>
        <translation>Ebene des Bildes</translation>
    </message>
    <message>
        <source>Plane?</source>
        <translation>Ebene?</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>Abspielen</translation>
    </message>
    <message>
        <source>Point</source>
        <translation>Punkt</translation>
    </message>
    <message>
        <source>Press a shape to select it; drag it or its points. Arrow keys nudge. Ctrl+Delete deletes.</source>
        <translation>Form antippen: wählen; sie oder ihre Punkte ziehen. Pfeiltasten rücken. Strg+Entf löscht.</translation>
    </message>
    <message>
        <source>Press along the boundary from one side to the other. Enter or double click ends. Esc forgets.</source>
        <translation>Entlang der Grenze von einer Seite zur anderen tippen. Eingabe oder Doppelklick beendet. Esc verwirft.</translation>
    </message>
    <message>
        <source>Press along the vessel. Enter or double click ends; the first point closes an outline. Esc forgets.</source>
        <translation>Entlang des Gefäßes tippen. Eingabe oder Doppelklick beendet; der erste Punkt schließt den Umriss. Esc verwirft.</translation>
    </message>
    <message>
        <source>Press the place.</source>
        <translation>Die Stelle antippen.</translation>
    </message>
    <message>
        <source>Press the tip as it is seen. A frame in which it is not seen gets no mark.</source>
        <translation>Die Spitze antippen, wo sie zu sehen ist. Ein Bild ohne sichtbare Spitze bekommt keine Marke.</translation>
    </message>
    <message>
        <source>Pressure?</source>
        <translation>Druck?</translation>
    </message>
    <message>
        <source>Protocol of the region</source>
        <translation>Protokoll der Region</translation>
    </message>
    <message>
        <source>Protocol: none</source>
        <translation>Kein Protokoll</translation>
    </message>
    <message>
        <source>Read off the screen</source>
        <translation>Vom Schirm gelesen</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Redo: {what}</source>
        <translation>Wiederholen: {what}</translation>
    </message>
    <message>
        <source>Reject</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Remember for this probe and depth</source>
        <translation>Für Sonde und Tiefe merken</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>Ansehen</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>Rechts</translation>
    </message>
    <message>
        <source>SAME PICTURE FOR {age}  –  is the probe frozen?</source>
        <translation>GLEICHES BILD SEIT {age}  –  ist die Sonde eingefroren?</translation>
    </message>
    <message>
        <source>SIMULATED</source>
        <translation>SIMULIERT</translation>
    </message>
    <message>
        <source>STALE</source>
        <translation>VERALTET</translation>
    </message>
    <message>
        <source>Save last {n} s</source>
        <translation>Letzte {n} s</translation>
    </message>
    <message>
        <source>Save study</source>
        <translation>Studie sichern</translation>
    </message>
    <message>
        <source>Saving makes a new version of the report. The earlier one is kept, with this reason.</source>
        <translation>Sichern macht eine neue Fassung des Berichts. Die frühere bleibt, mit diesem Grund.</translation>
    </message>
    <message>
        <source>Scan</source>
        <translation>Schallen</translation>
    </message>
    <message>
        <source>Second plane?</source>
        <translation>Zweite Ebene?</translation>
    </message>
    <message>
        <source>Select</source>
        <translation>Wählen</translation>
    </message>
    <message>
        <source>Selected distance</source>
        <translation>Gewählt: Strecke</translation>
    </message>
    <message>
        <source>Selected filler</source>
        <translation>Gewählt: Filler</translation>
    </message>
    <message>
        <source>Selected layer</source>
        <translation>Gewählt: Schicht</translation>
    </message>
    <message>
        <source>Selected point</source>
        <translation>Gewählt: Punkt</translation>
    </message>
    <message>
        <source>Selected tip</source>
        <translation>Gewählt: Nadelspitze</translation>
    </message>
    <message>
        <source>Selected vessel</source>
        <translation>Gewählt: Gefäß</translation>
    </message>
    <message>
        <source>Set scale</source>
        <translation>Maßstab setzen</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Settings.  Ctrl+,</source>
        <translation>Einstellungen.  Strg+,</translation>
    </message>
    <message>
        <source>Side that is to be treated</source>
        <translation>Seite der Behandlung</translation>
    </message>
    <message>
        <source>Skip this station</source>
        <translation>Station überspringen</translation>
    </message>
    <message>
        <source>Skip…</source>
        <translation>Auslassen…</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Starten</translation>
    </message>
    <message>
        <source>Start clip</source>
        <translation>Clip beginnen</translation>
    </message>
    <message>
        <source>Start the log of a suspected complication now; nothing waits for it.  F12</source>
        <translation>Das Protokoll einer vermuteten Komplikation jetzt beginnen; nichts wartet darauf.  F12</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>Startet</translation>
    </message>
    <message>
        <source>Station after</source>
        <translation>Station danach</translation>
    </message>
    <message>
        <source>Station before</source>
        <translation>Station davor</translation>
    </message>
    <message>
        <source>Station guide</source>
        <translation>Stationsführer</translation>
    </message>
    <message>
        <source>Still</source>
        <translation>Standbild</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>Suggest</source>
        <translation>Vorschlagen</translation>
    </message>
    <message>
        <source>Take scale away</source>
        <translation>Maßstab entfernen</translation>
    </message>
    <message>
        <source>The device has ended its stream.</source>
        <translation>Das Gerät hat seinen Strom beendet.</translation>
    </message>
    <message>
        <source>The device is gone: waiting for it</source>
        <translation>Das Gerät ist fort: es wird darauf gewartet</translation>
    </message>
    <message>
        <source>The device sends nothing</source>
        <translation>Das Gerät sendet nichts</translation>
    </message>
    <message>
        <source>The device's best</source>
        <translation>Das Beste des Gerätes</translation>
    </message>
    <message>
        <source>The grabber sends a picture of its own: see whether the probe's screen is on and its cable in</source>
        <translation>Der Grabber sendet ein eigenes Bild: Ist der Schirm der Sonde an und sein Kabel gesteckt?</translation>
    </message>
    <message>
        <source>The keys of this window.  F1</source>
        <translation>Die Tasten dieses Fensters.  F1</translation>
    </message>
    <message>
        <source>The next station that lacks something.  Key N</source>
        <translation>Die nächste Station, der etwas fehlt.  Taste N</translation>
    </message>
    <message>
        <source>The scale is being read off the screen; lengths are in pixels until then.</source>
        <translation>Der Maßstab wird vom Schirm gelesen; bis dahin sind Längen in Pixeln.</translation>
    </message>
    <message>
        <source>The scale that was given is wrong: lengths are in pixels again.</source>
        <translation>Der angegebene Maßstab ist falsch: Längen sind wieder in Pixeln.</translation>
    </message>
    <message>
        <source>The selected distance is this long in truth: lengths on this picture are then in mm.</source>
        <translation>Die gewählte Strecke ist in Wirklichkeit so lang: Längen auf diesem Bild sind dann in mm.</translation>
    </message>
    <message>
        <source>The selected label, through its clip</source>
        <translation>Die gewählte Markierung durch ihren Clip</translation>
    </message>
    <message>
        <source>The suggestion is right: it becomes a label of yours.  Key A or Enter</source>
        <translation>Der Vorschlag stimmt: er wird Ihre Markierung.  Taste A oder Eingabe</translation>
    </message>
    <message>
        <source>The suggestion is wrong: take it away.  Key R</source>
        <translation>Der Vorschlag ist falsch: entfernen.  Taste R</translation>
    </message>
    <message>
        <source>This picture</source>
        <translation>Dieses Bild</translation>
    </message>
    <message>
        <source>This station is not scanned; the reason is kept.  Key K</source>
        <translation>Diese Station wird nicht geschallt; der Grund bleibt.  Taste K</translation>
    </message>
    <message>
        <source>True length of the selected distance</source>
        <translation>Wahre Länge der gewählten Strecke</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Undo: {what}</source>
        <translation>Zurück: {what}</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>Unklar</translation>
    </message>
    <message>
        <source>Unsure</source>
        <translation>Unsicher</translation>
    </message>
    <message>
        <source>Vein</source>
        <translation>Vene</translation>
    </message>
    <message>
        <source>Vessel ellipse</source>
        <translation>Gefäßellipse</translation>
    </message>
    <message>
        <source>Vessel line</source>
        <translation>Gefäßlinie</translation>
    </message>
    <message>
        <source>Waiting for the first picture…</source>
        <translation>Wartet auf das erste Bild…</translation>
    </message>
    <message>
        <source>Which capture</source>
        <translation>Welche Aufnahme</translation>
    </message>
    <message>
        <source>Which device is meant has to be told first.</source>
        <translation>Zuerst ist zu sagen, welches Gerät gemeint ist.</translation>
    </message>
    <message>
        <source>Why are saved labels changed?</source>
        <translation>Warum werden gesicherte Markierungen geändert?</translation>
    </message>
    <message>
        <source>Why is it not scanned? The reason is kept:</source>
        <translation>Warum wird sie nicht geschallt? Der Grund bleibt:</translation>
    </message>
    <message>
        <source>Why saved labels are changed</source>
        <translation>Warum gesicherte Markierungen geändert werden</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Ja</translation>
    </message>
    <message>
        <source>add finding</source>
        <translation>Markierung</translation>
    </message>
    <message>
        <source>change finding</source>
        <translation>Änderung</translation>
    </message>
    <message>
        <source>confirm finding</source>
        <translation>Bestätigung</translation>
    </message>
    <message>
        <source>delete finding</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>disk does not answer</source>
        <translation>Platte antwortet nicht</translation>
    </message>
    <message>
        <source>picture changes {n}/s of {m}/s</source>
        <translation>Bild wechselt {n}/s von {m}/s</translation>
    </message>
    <message>
        <source>plane and landmark</source>
        <translation>Ebene und Landmarke</translation>
    </message>
    <message>
        <source>suggest labels</source>
        <translation>Vorschläge</translation>
    </message>
    <message>
        <source>{n} FRAMES LOST</source>
        <translation>{n} BILDER VERLOREN</translation>
    </message>
    <message>
        <source>{n} GB free</source>
        <translation>{n} GB frei</translation>
    </message>
    <message>
        <source>{n} corrupt</source>
        <translation>{n} defekt</translation>
    </message>
    <message>
        <source>{n} kept</source>
        <translation>{n} gesichert</translation>
    </message>
    <message>
        <source>{n} lost</source>
        <translation>{n} verloren</translation>
    </message>
    <message>
        <source>{n} of {m}</source>
        <translation>{n} von {m}</translation>
    </message>
    <message>
        <source>B-mode</source>
        <translation>B-Bild</translation>
    </message>
    <message>
        <source>Colour Doppler</source>
        <translation>Farbdoppler</translation>
    </message>
    <message>
        <source>Power Doppler</source>
        <translation>Powerdoppler</translation>
    </message>
    <message>
        <source>Spectral Doppler</source>
        <translation>Spektraldoppler</translation>
    </message>
    <message>
        <source>Picture with labels</source>
        <translation>Bild mit Markierungen</translation>
    </message>
    <message>
        <source>Second device beside this one</source>
        <translation>Zweites Gerät neben diesem</translation>
    </message>
    <message>
        <source>Show and record another device beside this one</source>
        <translation>Ein weiteres Gerät daneben zeigen und aufzeichnen</translation>
    </message>
    <message>
        <source>+ Second</source>
        <translation>+ Zweites</translation>
    </message>
    <message>
        <source>{name} (second device)</source>
        <translation>{name} (zweites Gerät)</translation>
    </message>
    <message>
        <source>of the second device</source>
        <translation>des zweiten Gerätes</translation>
    </message>
    <message>
        <source>Last {n} s</source>
        <translation>Letzte {n} s</translation>
    </message>
    <message>
        <source>Live picture of the second device</source>
        <translation>Lebendes Bild des zweiten Gerätes</translation>
    </message>
    <message>
        <source>Station in hand</source>
        <translation>Station in der Hand</translation>
    </message>
    <message>
        <source>{n} lacking:  </source>
        <translation>{n} fehlen:  </translation>
    </message>
    <message>
        <source>What the station lacks</source>
        <translation>Was der Station fehlt</translation>
    </message>
    <message>
        <source>Clip</source>
        <translation>Clip</translation>
    </message>
    <message>
        <source>pre</source>
        <translation>vorher</translation>
    </message>
    <message>
        <source>during</source>
        <translation>dabei</translation>
    </message>
    <message>
        <source>post</source>
        <translation>nachher</translation>
    </message>
    <message>
        <source>complication</source>
        <translation>Komplikation</translation>
    </message>
    <message>
        <source>followup</source>
        <translation>Kontrolle</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>Sichert…</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>Gesichert</translation>
    </message>
    <message>
        <source>Patient not told yet</source>
        <translation>Patient noch nicht genannt</translation>
    </message>
    <message>
        <source>right</source>
        <translation>rechts</translation>
    </message>
    <message>
        <source>left</source>
        <translation>links</translation>
    </message>
    <message>
        <source>both sides</source>
        <translation>beide Seiten</translation>
    </message>
    <message>
        <source>First steps</source>
        <translation>Erste Schritte</translation>
    </message>
    <message>
        <source>Skip this step</source>
        <translation>Schritt auslassen</translation>
    </message>
    <message>
        <source>Close the guide</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Choose the simulated probe on the right and press Start.</source>
        <translation>Rechts die simulierte Sonde wählen und Starten drücken.</translation>
    </message>
    <message>
        <source>Everything is recorded from now on. Press Still (S): the picture is in the study at once.</source>
        <translation>Ab jetzt wird alles aufgezeichnet. Standbild (S) drücken: das Bild ist sofort in der Studie.</translation>
    </message>
    <message>
        <source>Press 'Vessel ellipse' (E) and drag a box around a vessel; then type two letters of its name, and Enter.</source>
        <translation>'Gefäßellipse' (E) drücken und einen Kasten um ein Gefäß ziehen; dann zwei Buchstaben seines Namens und Eingabe.</translation>
    </message>
    <message>
        <source>Enter a patient id, such as TEST-1, and press Save study (Ctrl+S).</source>
        <translation>Eine Patienten-Id eingeben, etwa TEST-1, und Studie sichern (Strg+S).</translation>
    </message>
    <message>
        <source>Choose the study on the right and open it: this is what was saved.</source>
        <translation>Rechts die Studie wählen und öffnen: das wurde gesichert.</translation>
    </message>
    <message>
        <source>That was a study, from the probe to its files. F1 shows the keys and this guide again.</source>
        <translation>Das war eine Studie, von der Sonde bis zu ihren Dateien. F1 zeigt die Tasten und diese Führung wieder.</translation>
    </message>
</context>
</TS>
